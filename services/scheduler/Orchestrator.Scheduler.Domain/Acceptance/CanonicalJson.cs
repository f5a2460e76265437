using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>Equal specs give equal texts: the order of keys in maps does not matter.</summary>
public static class CanonicalJson
{
    /// <summary>Of the parts that make a container; a task of another hash must be replaced.</summary>
    public static string TemplateHash(ServiceSpec spec)
    {
        // What was added later counts only where it is said: the hash of a spec without it stays, and its tasks run on.
        var resources = new { spec.Resources.LimitCpus, spec.Resources.LimitMemoryBytes, spec.Resources.LimitPids, spec.Resources.ReservedCpus, spec.Resources.ReservedMemoryBytes };
        var text = spec.Resources.Generic.Count + spec.Resources.Devices.Count == 0
            ? TextOf(new { spec.Container, spec.Ports, Resources = resources })
            : TextOf(new { spec.Container, spec.Ports, Resources = resources, spec.Resources.Generic, spec.Resources.Devices });
        var agents = spec.Probes is null ? "" : TextOf(new { spec.Probes });
        agents += spec.Disconnect?.StopOnClientAfterSeconds is { } seconds ? TextOf(new { StopOnClientAfterSeconds = seconds }) : "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + agents)).AsSpan(0, 16));
    }

    /// <summary>Whether the specs ask for the same, the number of replicas apart.</summary>
    public static bool SameButReplicas(ServiceSpec a, ServiceSpec b) =>
        TextOf(a with { Replicas = 0 }) == TextOf(b with { Replicas = 0 });

    private static string TextOf<T>(T value) =>
        Sorted(JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web))!.ToJsonString();

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
