from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from articles import editor, library
from helplines.views import help_page
from publishing import review
from trustsite import views
from trustsite.sitemaps import PageSitemap, VersionSitemap

SITEMAPS = {"pages": PageSitemap, "versions": VersionSitemap}

handler400 = "trustsite.views.bad_request"
handler403 = "trustsite.views.forbidden"
handler404 = "trustsite.views.not_found"
handler500 = "trustsite.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("exit/", views.exit_site, name="exit"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("admin/markdown/preview/", editor.preview, name="markdown-preview"),
    path("admin/markdown/upload/", editor.upload, name="markdown-upload"),
    path("admin/sections/", editor.sections, name="find-sections"),
    path("admin/unsought/", admin.site.admin_view(editor.unsought), name="unsought"),
    path("admin/drawings/", editor.drawings, name="find-drawings"),
    path("admin/review/<str:key>/", review.read, name="review"),
    path("admin/review/<str:key>/page/", review.read_page, name="review-page"),
    path("admin/pictures/", admin.site.admin_view(library.library), name="pictures"),
    path("admin/pictures/<name>/", admin.site.admin_view(library.picture), name="picture"),
    path("admin/", admin.site.urls),
    path("quizzes/", include("quizzes.urls")),
    path("media/<path:name>", views.media, name="media"),
    path("", include("articles.urls")),
]
