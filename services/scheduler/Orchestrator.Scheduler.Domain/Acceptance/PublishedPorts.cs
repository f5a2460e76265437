using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>An ingress port is the cluster's: one application holds it.</summary>
public static class PublishedPorts
{
    /// <param name="app">The application that is deployed.</param>
    /// <param name="wanted">Its services after the deploy.</param>
    /// <param name="others">Services wanted by other applications.</param>
    public static IEnumerable<string> Conflicts(string app, IEnumerable<ServiceSpec> wanted, IEnumerable<(string App, ServiceSpec Spec)> others)
    {
        var held = (from other in others
                    where other.App != app
                    from port in Ingress(other.Spec)
                    select (port, Holder: $"{other.App}/{other.Spec.Name}")).ToList();
        return from service in wanted
               from port in Ingress(service)
               from holder in held
               where Same(port, holder.port)
               select $"{app}/{service.Name}: port {port.Published} is published by {holder.Holder}; publish another, or remove that one first";
    }

    private static IEnumerable<PortSpec> Ingress(ServiceSpec spec) =>
        spec.Ports.Where(port => port is { Mode: PortMode.Ingress, Published: not null });

    private static bool Same(PortSpec a, PortSpec b) =>
        a.Published == b.Published && a.Protocol == b.Protocol && PublishedAddress.Meet(a.HostIp, b.HostIp);
}
