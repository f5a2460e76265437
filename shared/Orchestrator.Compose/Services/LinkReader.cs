using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>
/// Reads <c>links</c>: <c>SERVICE</c>, or <c>SERVICE:ALIAS</c>, which gives the service one more name in the networks that both are in. Tasks
/// come and go, so that the name is the service's, not one container's for another: it means the same for all.
/// </summary>
internal static class LinkReader
{
    /// <param name="map">The services as they are written.</param>
    /// <param name="services">As they are read.</param>
    /// <returns>The services with the aliases that others gave them.</returns>
    public static IReadOnlyList<ServiceSpec> Apply(Messages messages, MapReader map, IReadOnlyList<ServiceSpec> services)
    {
        var read = services.ToDictionary(service => service.Name);
        var given = new Dictionary<string, (string Service, string By)>(StringComparer.Ordinal);
        foreach (var (name, node) in map.Entries)
        {
            foreach (var (link, at) in Links(node))
            {
                var (target, alias) = Split(link);
                if (!read.TryGetValue(name.Value, out var from) || !read.TryGetValue(target, out var to))
                {
                    continue;
                }

                if (Fault(from, to, alias, given, read.Keys) is { } fault)
                {
                    messages.Error(at, $"services.{name.Value}.links", fault);
                }
                else if (alias != target)
                {
                    given.TryAdd(alias, (target, name.Value));
                    read[target] = to with { Network = Named(to.Network ?? new NetworkSpec(), from, to, alias) };
                }
            }
        }

        return [.. services.Select(service => read[service.Name])];
    }

    /// <returns>The services that a service's links name.</returns>
    public static IEnumerable<(string Name, YamlNode At)> Targets(YamlNode service) => Links(service).Select(link => (Split(link.Text).Service, link.At));

    private static IEnumerable<(string Text, YamlNode At)> Links(YamlNode service) =>
        service is YamlMap map && map.Entries.FirstOrDefault(entry => entry.Key.Value == "links").Value is YamlList list
            ? list.Items.OfType<YamlScalar>().Select(item => (item.Value, (YamlNode)item))
            : [];

    private static (string Service, string Alias) Split(string link) => link.Split(':', 2) switch
    {
        [var service, var alias] => (service, alias),
        _ => (link, link),
    };

    private static string? Fault(ServiceSpec from, ServiceSpec to, string alias, Dictionary<string, (string Service, string By)> given, IReadOnlyCollection<string> services) =>
        !Common(from, to).Any() ? $"it has no network in common with '{to.Name}'; put both into one under networks"
        : alias == to.Name ? null
        : given.TryGetValue(alias, out var other) && other.Service != to.Name ? $"alias '{alias}' means '{other.Service}' already (services.{other.By}.links), and the name is the same for all; write another"
        : NetworkRules.CheckAlias(alias, services);

    private static IEnumerable<string> Common(ServiceSpec from, ServiceSpec to) =>
        NetworkSpec.AttachmentsOf(from.Network).Select(network => network.Name).Intersect(NetworkSpec.AttachmentsOf(to.Network).Select(network => network.Name));

    private static NetworkSpec Named(NetworkSpec network, ServiceSpec from, ServiceSpec to, string alias)
    {
        var common = Common(from, to).ToHashSet();
        return network with
        {
            Networks =
            [
                .. NetworkSpec.AttachmentsOf(network).Select(attachment => common.Contains(attachment.Name) && !attachment.Aliases.Contains(alias)
                    ? attachment with { Aliases = [.. attachment.Aliases, alias] }
                    : attachment),
            ],
        };
    }
}
