from django.db import migrations

GROUP = "Moderators"
PERMISSIONS = {
    ("accounts", "member"): {"view_member": "Can view member"},
    ("accounts", "organisation"): {
        "view_organisation": "Can view organisation",
        "change_organisation": "Can change organisation",
    },
    ("accounts", "merge"): {"view_merge": "Can view merge"},
    ("contacts", "invitation"): {"view_invitation": "Can view invitation"},
    ("foundation", "auditentry"): {"view_auditentry": "Can view line of the audit log"},
    ("foundation", "job"): {"view_job": "Can view job", "change_job": "Can change job"},
    ("moderation", "case"): {"view_case": "Can view case", "decide_case": "Can decide cases"},
    ("moderation", "freeze"): {"freeze_member": "Can freeze and thaw members"},
}


def make_group(apps, schema_editor):
    """Django writes permissions only after all migrations; those of the group are written here under the same keys."""
    content_type, permission = apps.get_model("contenttypes.ContentType"), apps.get_model("auth.Permission")
    group, _created = apps.get_model("auth.Group").objects.get_or_create(name=GROUP)
    for (app, model), codes in PERMISSIONS.items():
        kind, _created = content_type.objects.get_or_create(app_label=app, model=model)
        for code, name in codes.items():
            one, _created = permission.objects.get_or_create(content_type=kind, codename=code, defaults={"name": name})
            group.permissions.add(one)


def drop_group(apps, schema_editor):
    apps.get_model("auth.Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    """There is a group of moderators with exactly these permissions."""

    dependencies = [
        ("moderation", "0001_cases_reports_and_freezes_exist"),
        ("accounts", "0001_members_entries_and_ties_exist"),
        ("contacts", "0001_requests_and_contacts_exist"),
        ("foundation", "0001_work_letters_and_deeds_are_kept"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, drop_group)]
