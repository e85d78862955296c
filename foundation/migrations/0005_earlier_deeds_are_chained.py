from django.db import migrations

FORWARDS = "SELECT count(leumund_link_deed(id)) FROM (SELECT id FROM foundation_auditentry ORDER BY id) AS deeds"


class Migration(migrations.Migration):
    """What was noted before hangs on the chain, too, in its order."""

    dependencies = [("foundation", "0004_deeds_are_chained")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
