from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0005_messages_are_marked_by_their_readers'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='label_upheld',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
