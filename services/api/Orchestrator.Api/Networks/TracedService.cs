using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Networks;

/// <summary>A service as a trace sees it.</summary>
internal sealed record TracedService(ServiceDocument Service, ServiceSpec Spec, IReadOnlyList<TaskDocument> Tasks)
{
    public string Name => $"{Service.App}/{Service.Name}";

    public IReadOnlyList<string> Networks => [.. NetworkSpec.AttachmentsOf(Spec.Network).Select(network => network.NameIn(Service.App))];
}
