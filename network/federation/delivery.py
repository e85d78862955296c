"""What must go out is sent: signed now, in batches, one server at a time."""


def send_due(peer: int) -> None:
    """Everything due for that server has been tried."""
    return  # until it sends
