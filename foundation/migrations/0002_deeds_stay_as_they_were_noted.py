from django.db import migrations

from foundation.append_only import AppendOnly


class Migration(migrations.Migration):
    """The audit log can be added to, and nothing else."""

    dependencies = [("foundation", "0001_work_letters_and_deeds_are_kept")]

    operations = [AppendOnly("foundation_auditentry")]
