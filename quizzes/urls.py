from django.urls import path

from quizzes.kept import views as kept
from quizzes.plan import views as plan
from quizzes.taking import views as taking

urlpatterns = [
    path("", taking.quizzes, name="quizzes"),
    path("plan/", plan.show, name="plan"),
    path("plan/add/", plan.add, name="plan-add"),
    path("plan/ticks/", plan.tick, name="plan-tick"),
    path("plan/clear/", plan.clear, name="plan-clear"),
    path("kept/", kept.show, name="kept"),
    path("kept/delete/", kept.delete, name="kept-delete"),
    path("<slug:slug>/", taking.start, name="quiz"),
    path("<slug:slug>/method/", taking.how_made, name="method"),
    path("<slug:slug>/questions/", taking.questions, name="questions"),
    path("<slug:slug>/result/", taking.result, name="result"),
    path("<slug:slug>/clear/", taking.clear, name="clear"),
    path("<slug:slug>/keep/", kept.keep, name="keep"),
    path("<slug:slug>/compare/", kept.compare, name="compare"),
    path("<slug:slug>/plan/", plan.offer, name="plan-offer"),
    path("<slug:slug>/reading/<slug:part>/<slug:lesson>/", taking.reading, name="reading"),
]
