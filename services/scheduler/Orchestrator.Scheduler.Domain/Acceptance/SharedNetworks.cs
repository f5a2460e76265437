using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>A network that applications share is brought by one of them.</summary>
public static class SharedNetworks
{
    /// <param name="app">The application that is deployed.</param>
    /// <param name="wanted">Its services after the deploy.</param>
    /// <param name="others">Services wanted by other applications.</param>
    public static IEnumerable<string> Faults(string app, IReadOnlyList<ServiceSpec> wanted, IReadOnlyList<(string App, ServiceSpec Spec)> others)
    {
        var brought = others.Where(other => other.App != app)
            .SelectMany(other => NetworkSpec.AttachmentsOf(other.Spec.Network).Where(network => !network.External).Select(network => (Name: network.NameIn(other.App), other.App)))
            .DistinctBy(network => network.Name).ToDictionary(network => network.Name, network => network.App);
        return from service in wanted
               from network in NetworkSpec.AttachmentsOf(service.Network)
               let name = network.NameIn(app)
               let holder = brought.GetValueOrDefault(name)
               where network.External ? holder is null : holder is not null
               select network.External
                   ? $"{app}/{service.Name}: there is no network '{name}'; deploy the application that brings it first, or remove external"
                   : $"{app}/{service.Name}: network '{name}' is {holder}'s; write external: true to share it, or give yours another name";
    }
}
