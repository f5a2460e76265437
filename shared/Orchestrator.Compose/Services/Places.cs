using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Where in the file the parts of a service's spec stand, for rules that look at the spec.</summary>
internal sealed class Places(YamlNode service, string serviceKey)
{
    private readonly Dictionary<string, (YamlNode Node, string Key)> _places = new(StringComparer.Ordinal);

    /// <param name="path">As in <see cref="PlacementFault.Path"/>.</param>
    public void Put(string path, YamlNode node, string key) => _places.TryAdd(path, (node, key));

    public void Check(Messages messages, ServiceSpec spec, IReadOnlyCollection<string> services)
    {
        foreach (var fault in PlacementRules.Check(spec, services))
        {
            var (node, key) = Of(fault.Path);
            messages.Error(node, key, fault.Text);
        }

        foreach (var remark in RolloutRules.Check(spec).Concat(ProbeRules.Check(spec)).Concat(DisconnectRules.Check(spec)).Concat(NetworkRules.Check(spec, services)))
        {
            var (node, key) = Of(remark.Path);
            if (remark.IsError)
            {
                messages.Error(node, key, remark.Text);
            }
            else
            {
                messages.Warn(node, key, remark.Text);
            }
        }
    }

    private (YamlNode Node, string Key) Of(string path)
    {
        while (path.Length > 0)
        {
            if (_places.TryGetValue(path, out var place))
            {
                return place;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return (service, serviceKey);
    }
}
