from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0004_requests_and_contacts_reach_other_servers'),
    ]

    operations = [
        migrations.RenameField(
            model_name='contact',
            old_name='quiet_since',
            new_name='asker_again_since',
        ),
        migrations.AddField(
            model_name='contact',
            name='asker_again_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='recipient_again_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='recipient_again_until',
            field=models.DateTimeField(null=True),
        ),
    ]
