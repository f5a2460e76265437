using System.Net;

namespace Orchestrator.Gateway;

/// <summary>The addresses of a host's name.</summary>
/// <exception cref="System.Net.Sockets.SocketException">Nobody knows the name.</exception>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);
