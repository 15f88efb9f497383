from django.urls import path

from articles import views

urlpatterns = [
    path("<slug:slug>/", views.part, name="part"),
    path("<slug:part>/<slug:slug>/", views.lesson, name="lesson"),
]
