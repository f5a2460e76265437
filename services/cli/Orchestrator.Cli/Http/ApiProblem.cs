using System.Net;

namespace Orchestrator.Cli.Http;

/// <summary>The API refused. <see cref="Body"/> is its problem details.</summary>
internal sealed class ApiProblem(HttpStatusCode status, string body) : Exception(OrchestratorClient.Detail(status, body))
{
    public string Body { get; } = body;

    public CliException ToCliException() => new(
        status switch
        {
            HttpStatusCode.NotFound => ExitCodes.NotFound,
            HttpStatusCode.GatewayTimeout => ExitCodes.TimedOut,
            _ => ExitCodes.Failed,
        },
        status == HttpStatusCode.Unauthorized ? Message + "; the program reads it from ORCH_TOKEN or ORCH_STATE/token" : Message);
}
