using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>Reads posts, and says all that is wrong with one.</summary>
public static class HealthPosts
{
    public const int MaxMessage = 200;

    /// <summary>In bytes.</summary>
    public const int MaxBody = 1024;

    private const string Example = """write a JSON object such as {"ready": true, "load": 0.4}""";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 2, AllowDuplicateProperties = false };

    public static (HealthPost Post, IReadOnlyList<string> Faults) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : (new HealthPost(), [Example]);
        }
        catch (JsonException)
        {
            return (new HealthPost(), [$"the body cannot be read; {Example}"]);
        }
    }

    /// <summary>What is said must be asked for, or it would be lost in silence.</summary>
    public static IReadOnlyList<string> Unasked(HealthPost post, ProbesSpec? probes)
    {
        var faults = new List<string>();
        if (post.Ready is not null && (probes?.Startup?.Posted ?? probes?.Readiness?.Posted) is null)
        {
            faults.Add("ready: the service's readiness and startup are not posted; write x-orchestrator: { probes: { readiness: { posted: {} } } } in its Compose file, or leave ready out");
        }

        if (post.Live is not null && probes?.Liveness?.Posted is null)
        {
            faults.Add("live: the service's liveness is not posted; write x-orchestrator: { probes: { liveness: { posted: {} } } } in its Compose file, or leave live out");
        }

        return faults;
    }

    private static (HealthPost Post, IReadOnlyList<string> Faults) Read(JsonElement body)
    {
        var post = new HealthPost();
        var faults = new List<string>();
        foreach (var member in body.EnumerateObject())
        {
            var value = member.Value;
            switch (member.Name)
            {
                case "ready" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    post = post with { Ready = value.GetBoolean() };
                    break;
                case "live" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    post = post with { Live = value.GetBoolean() };
                    break;
                case "load" when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var load) && load >= 0 && double.IsFinite(load):
                    post = post with { Load = load };
                    break;
                case "message" when value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxMessage } text && !text.Any(char.IsControl):
                    post = post with { Message = text };
                    break;
                default:
                    faults.Add(FaultOf(member.Name));
                    break;
            }
        }

        return (post, faults);
    }

    private static string FaultOf(string name) => name switch
    {
        "ready" or "live" => $"{name}: write true or false",
        "load" => "load: write a number, 0 or more",
        "message" => $"message: write one line of at most {MaxMessage} characters",
        _ => $"{(name.Any(char.IsControl) ? "a member" : name)}: there is no such member; write ready, live, load or message",
    };
}
