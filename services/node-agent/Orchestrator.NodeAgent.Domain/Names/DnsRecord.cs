namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>One record of an answer: an address, or a port at a name.</summary>
/// <param name="Name">Null: the name asked for.</param>
/// <param name="Address">Of type A.</param>
/// <param name="Target">Of type SRV, with <paramref name="Port"/>.</param>
public sealed record DnsRecord(string? Name, uint Address, string? Target = null, int Port = 0)
{
    public const ushort A = 1;
    public const ushort Srv = 33;
    public const ushort Any = 255;

    public ushort Type => Target is null ? A : Srv;
}
