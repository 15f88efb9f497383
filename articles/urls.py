from django.urls import path

from articles import views

urlpatterns = [
    path("course/", views.booklet, name="booklet"),
    path("glossary/", views.glossary, name="glossary"),
    path("<slug:slug>/", views.part, name="part"),
    path("<slug:part>/<slug:slug>/", views.lesson, name="lesson"),
    path("<slug:part>/<slug:slug>/exercise/", views.exercise, name="exercise"),
]
