namespace Orchestrator.Contracts;

/// <summary>
/// Anyone to the API: deploy an application in the Compose file format. Answered by <see cref="CommandAccepted"/>,
/// <see cref="CommandRejected"/> or <see cref="CommandSuperseded"/> with the same <see cref="CommandId"/>.
/// </summary>
[MessageName("orchestrator.commands.deploy-compose")]
public sealed record DeployCompose
{
    /// <summary>Chosen by the sender; the same id sent twice gets the same answer. Without one, the AMQP message id is taken.</summary>
    public string? CommandId { get; init; }

    /// <summary>The application's name; without one, the file's <c>name:</c>.</summary>
    public string? App { get; init; }

    /// <summary>The Compose file's text.</summary>
    public string? Compose { get; init; }

    /// <summary>What errors call the file. Default <c>compose.yaml</c>.</summary>
    public string? FileName { get; init; }

    /// <summary>Texts of the files that <c>env_file</c> names, by the path written there.</summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>Values for <c>${VARIABLE}</c> in the file.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>As in <see cref="DeployApp.PlanIndex"/>.</summary>
    public long? PlanIndex { get; init; }

    public string? RequestedBy { get; init; }
}
