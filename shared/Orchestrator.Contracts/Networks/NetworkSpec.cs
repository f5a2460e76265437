namespace Orchestrator.Contracts;

/// <summary>How a service is reached, and whom it reaches.</summary>
public sealed record NetworkSpec
{
    /// <summary>None: the application's network <c>default</c>.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get; init; } = [];

    public EndpointMode EndpointMode { get; init; }

    /// <summary>Tasks of the client's node go before others.</summary>
    public bool LocalFirst { get; init; }

    /// <summary>A client's connections go to one task while the tasks stay the same.</summary>
    public bool ClientAffinity { get; init; }

    public ExternalTrafficPolicy ExternalTrafficPolicy { get; init; }

    /// <summary>Null: all that its networks allow.</summary>
    public NetworkPolicySpec? Policy { get; init; }

    /// <summary>The full names of the networks it is in.</summary>
    public static IReadOnlyList<NetworkAttachment> AttachmentsOf(NetworkSpec? spec) =>
        spec is { Networks.Count: > 0 } ? spec.Networks : [new NetworkAttachment { Name = NetworkAttachment.Default }];
}
