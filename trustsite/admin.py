from django.contrib import admin

from publishing.admin import KindAdmin
from publishing.kind import KINDS

admin.site.register([kind.model for kind in KINDS.values()], KindAdmin)
