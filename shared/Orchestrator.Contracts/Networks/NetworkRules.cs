using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts;

/// <summary>What a service may say of networks and policies, beside the application's other services.</summary>
public static partial class NetworkRules
{
    private const int MaxPort = 65_535;

    /// <param name="spec">The service.</param>
    /// <param name="services">Names of all services of the application.</param>
    public static IEnumerable<PolicyRemark> Check(ServiceSpec spec, IReadOnlyCollection<string> services)
    {
        if (spec.Network is not { } network)
        {
            return [];
        }

        return network.Networks.SelectMany((attachment, i) => Check(attachment, $"network.networks[{i}]", services))
            .Concat(Twice(network))
            .Concat(spec.Ports.Index().Where(port => network.Policy?.Ingress is not null && port.Item.Mode == PortMode.Ingress && PublishedAddress.IsIpv6(port.Item.HostIp))
                .Select(port => Error($"ports[{port.Index}]", $"the ingress policy can name no client of {port.Item.HostIp}; publish on an address of IPv4")))
            .Concat((network.Policy?.Ingress ?? []).SelectMany((rule, i) => Check(rule, $"network.policy.ingress[{i}]", services)))
            .Concat((network.Policy?.Egress ?? []).SelectMany((rule, i) => Check(rule, $"network.policy.egress[{i}]", services)));
    }

    /// <returns>What is wrong with it, and what to write; null: nothing.</returns>
    public static string? CheckAlias(string alias, IReadOnlyCollection<string> services) =>
        !NameRules.IsName(alias) ? $"alias '{alias}' is no name that DNS knows; write lower-case letters, digits, '-' and '_', at most 63"
        : services.Contains(alias) ? $"alias '{alias}' is the name of a service; write another"
        : null;

    private static IEnumerable<PolicyRemark> Check(NetworkAttachment attachment, string path, IReadOnlyCollection<string> services)
    {
        if (!Name().IsMatch(attachment.Name) || (attachment.FullName is { } full && !Name().IsMatch(full)))
        {
            yield return Error(path, $"'{attachment.FullName ?? attachment.Name}' is no name of a network; write letters, digits, '.', '-' and '_', at most 100");
        }

        foreach (var text in attachment.Aliases.Select(alias => CheckAlias(alias, services)).OfType<string>())
        {
            yield return Error(path, text);
        }
    }

    private static IEnumerable<PolicyRemark> Twice(NetworkSpec network) => network.Networks.GroupBy(attachment => attachment.Name).Where(group => group.Count() > 1)
        .Select(group => Error("network.networks", $"network '{group.Key}' stands twice; keep one"));

    private static IEnumerable<PolicyRemark> Check(NetworkPolicyRule rule, string path, IReadOnlyCollection<string> services)
    {
        if (rule is { Service: { } service, App: null } && !services.Contains(service))
        {
            yield return Error(path, $"there is no service '{service}' in this application; name one, or write app, too");
        }

        if (rule.Cidr is { } cidr && (Ipv4Range.Parse(cidr) is null || rule.Service is not null || rule.App is not null))
        {
            yield return Error(path, Ipv4Range.Parse(cidr) is null ? $"'{cidr}' is no range of IPv4 addresses; write one such as 192.0.2.0/24" : "cidr stands beside service or app; write a rule for each");
        }

        foreach (var port in rule.Ports.Where(port => !IsPort(port)))
        {
            yield return Error(path, $"'{port}' is no port; write 80, 8000-8010 or 53/udp");
        }
    }

    private static bool IsPort(string text) => Port().Match(text) is { Success: true } match
        && Number(match.Groups[1].Value) is > 0 and <= MaxPort and var from
        && (match.Groups[2].Length == 0 || (Number(match.Groups[2].Value) is <= MaxPort and var to && to >= from));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static PolicyRemark Error(string path, string text) => new(path, text, true);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(\d{1,5})(?:-(\d{1,5}))?(?:/(?:tcp|udp))?\z")]
    private static partial Regex Port();
}
