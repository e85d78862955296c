from django.db import migrations

from foundation.append_only import AppendOnly


class Migration(migrations.Migration):
    """The ledger can be added to, and nothing else."""

    dependencies = [
        ("vetting", "0001_evidence_and_standing_exist"),
        ("foundation", "0002_deeds_stay_as_they_were_noted"),
    ]

    operations = [AppendOnly("vetting_evidence")]
