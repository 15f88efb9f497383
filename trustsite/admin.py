from django.contrib import admin
from django.db.models.signals import post_migrate

from publishing.admin import KindAdmin
from publishing.kind import KINDS
from trustsite.groups import make_groups

admin.site.register([kind.model for kind in KINDS.values()], KindAdmin)
post_migrate.connect(make_groups, dispatch_uid="groups")
