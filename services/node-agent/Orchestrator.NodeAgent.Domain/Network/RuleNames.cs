namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Names of sets, maps and chains. Those of services and networks have a prefix: they never meet the fixed ones.</summary>
public static class RuleNames
{
    public const string Nodes = "nodes";
    public const string Members = "members";
    public const string Hairpin = "hairpin";
    public const string Vips = "vips";
    public const string Ports = "ports";
    public const string AddressPorts = "address-ports";
    public const string From = "from";
    public const string Strict = "strict";
    public const string To = "to";
    public const string Refuse = "refuse";
    public const string Stranger = "stranger";
    public const string Arriving = "arriving";

    public static string OfService(string serviceId) => "service_" + serviceId;

    /// <summary>The tasks among which a service's connections are dealt.</summary>
    public static string TargetsOf(string serviceId) => "targets_" + serviceId;

    /// <summary>Those of this node alone.</summary>
    public static string LocalTargetsOf(string serviceId) => "local_" + serviceId;

    public static string OfNetwork(string fullName) => "net_" + fullName;
}
