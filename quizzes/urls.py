from django.urls import path

from quizzes import views

urlpatterns = [
    path("", views.quizzes, name="quizzes"),
    path("<slug:slug>/", views.start, name="quiz"),
    path("<slug:slug>/questions/", views.questions, name="questions"),
    path("<slug:slug>/result/", views.result, name="result"),
    path("<slug:slug>/clear/", views.clear, name="clear"),
]
