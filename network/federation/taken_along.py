"""Of this wing nothing is taken along: it holds copies of what other parts say, on their way to other servers."""

from accounts.exporting import leaves_out

leaves_out("federation.Actor", "people of other servers")
leaves_out("federation.HttpKey", "a key of this server for the member's name, which nobody else may use")
leaves_out("federation.Outbound", "copies of requests, messages and vouches on their way to other servers")
