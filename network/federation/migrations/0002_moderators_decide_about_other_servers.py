from django.db import migrations

GROUP = "Moderators"
PERMISSIONS = {
    ("federation", "peer"): {
        "view_peer": "Can view neighbouring server",
        "change_peer": "Can change neighbouring server",
    },
    ("federation", "delivery"): {"view_delivery": "Can view delivery"},
}


def allow(apps, schema_editor):
    """Written here under the keys that Django uses after all migrations, as in moderation 0002."""
    content_type, permission = apps.get_model("contenttypes.ContentType"), apps.get_model("auth.Permission")
    group, _created = apps.get_model("auth.Group").objects.get_or_create(name=GROUP)
    for (app, model), codes in PERMISSIONS.items():
        kind, _created = content_type.objects.get_or_create(app_label=app, model=model)
        for code, name in codes.items():
            one, _created = permission.objects.get_or_create(content_type=kind, codename=code, defaults={"name": name})
            group.permissions.add(one)


def forbid(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name=GROUP):
        for (app, model), codes in PERMISSIONS.items():
            rows = group.permissions.filter(content_type__app_label=app, content_type__model=model, codename__in=codes)
            group.permissions.remove(*rows)


class Migration(migrations.Migration):
    """Moderators may decide about other servers, and see what waits for them."""

    dependencies = [
        ("federation", "0001_peers_actors_and_deliveries_exist"),
        ("moderation", "0002_moderators_are_a_group"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
