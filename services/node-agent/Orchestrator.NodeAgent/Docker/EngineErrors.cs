using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>The engine's errors in one line, with what to do.</summary>
internal static class EngineErrors
{
    public static string Text(DockerApiException exception)
    {
        var body = exception.ResponseBody ?? exception.Message;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty("message", out var message))
            {
                body = message.GetString() ?? body;
            }
        }
        catch (JsonException)
        {
            // Not every engine answers in JSON.
        }

        return body.ReplaceLineEndings(" ").Trim();
    }

    public static bool IsMissingImage(DockerApiException exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && !IsMissingNetwork(exception) && Text(exception).Contains("image", StringComparison.OrdinalIgnoreCase);

    public static bool IsMissingNetwork(DockerApiException exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && Text(exception).StartsWith("network ", StringComparison.OrdinalIgnoreCase);

    /// <param name="exception">What the engine says.</param>
    /// <param name="ports">Of the node, that the container was to have.</param>
    public static RefusedException Refusal(DockerApiException exception, IReadOnlyList<PortSpec> ports)
    {
        var text = Text(exception);
        if (text.Contains("port is already allocated", StringComparison.Ordinal) || text.Contains("address already in use", StringComparison.Ordinal))
        {
            var held = ports.Where(port => port.Published is not null)
                .Select(port => (port.Published, Holder: PortHolder.Find(port.Published!.Value, port.Protocol))).Where(port => port.Holder is not null).ToList();
            return new RefusedException(false, held.Count > 0
                ? $"{string.Join(" and ", held.Select(port => $"{port.Holder} has port {port.Published}"))} of this node; publish another, or free it"
                : $"a published port is taken on this node ({text}); publish another, or free it");
        }

        if (text.Contains("executable file not found", StringComparison.Ordinal) || text.Contains("no such file or directory", StringComparison.Ordinal)
            || text.Contains("permission denied", StringComparison.Ordinal))
        {
            return new RefusedException(false, $"the command cannot be run ({text}); check command, entrypoint and image");
        }

        // What the engine does not take at all it will not take next time either.
        var rejected = exception.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound;
        return new RefusedException(rejected, $"the engine refuses it: {text}");
    }
}
