from django.db import migrations

from foundation.unchanging import Unchanging


class Migration(migrations.Migration):
    """Neither what was said nor what it was said to be can be changed afterwards; nor what was asked for."""

    dependencies = [("threads", "0003_what_went_to_many_is_said")]

    operations = [
        Unchanging("threads_message", ["text", "purpose", "thread_id", "writer_id", "sent_at"]),
        Unchanging("threads_promotion", ["text", "consent", "sender_id", "recipient_id", "sent_at"]),
        Unchanging("threads_call", ["kind", "topic", "region", "words", "member_id", "opened_at", "ends_on"]),
    ]
