from django.contrib import admin

from publishing.admin import KindAdmin
from publishing.kind import KINDS

admin.site.site_header = admin.site.site_title = "Learning to trust: editing"
admin.site.index_title = "Lessons, quizzes and help lines"
admin.site.enable_nav_sidebar = False  # the menu at the top leads to every list
admin.site.register([kind.model for kind in KINDS.values()], KindAdmin)
