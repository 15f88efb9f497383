from django.urls import path

from articles import views

urlpatterns = [
    path("feed.atom", views.LessonFeed(), name="feed"),
    path("course/", views.booklet, name="booklet"),
    path("search/", views.search_page, name="search"),
    path("glossary/", views.glossary, name="glossary"),
    path("<slug:slug>/", views.part, name="part"),
    path("<slug:part>/card.png", views.card, name="part-card"),
    path("<slug:part>/<slug:slug>/card.png", views.card, name="lesson-card"),
    path("<slug:part>/<slug:slug>/", views.lesson, name="lesson"),
    path("<slug:part>/<slug:slug>/exercise/", views.exercise, name="exercise"),
]
