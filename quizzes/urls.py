from django.urls import path

from quizzes import kept_views, plan_views, views

urlpatterns = [
    path("", views.quizzes, name="quizzes"),
    path("plan/", plan_views.show, name="plan"),
    path("plan/add/", plan_views.add, name="plan-add"),
    path("plan/ticks/", plan_views.tick, name="plan-tick"),
    path("plan/clear/", plan_views.clear, name="plan-clear"),
    path("kept/", kept_views.show, name="kept"),
    path("kept/delete/", kept_views.delete, name="kept-delete"),
    path("<slug:slug>/", views.start, name="quiz"),
    path("<slug:slug>/method/", views.method, name="method"),
    path("<slug:slug>/questions/", views.questions, name="questions"),
    path("<slug:slug>/result/", views.result, name="result"),
    path("<slug:slug>/clear/", views.clear, name="clear"),
    path("<slug:slug>/keep/", kept_views.keep, name="keep"),
    path("<slug:slug>/compare/", kept_views.compare, name="compare"),
    path("<slug:slug>/plan/", plan_views.offer, name="plan-offer"),
    path("<slug:slug>/reading/<slug:part>/<slug:lesson>/", views.reading, name="reading"),
]
