using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>Compares an application's spec with what is wanted of it now.</summary>
public static class DeployPlanner
{
    /// <param name="spec">A valid spec.</param>
    /// <param name="current">What is wanted now, by service name.</param>
    /// <param name="freshIds">Ids for services that are new, at least as many as the spec has services.</param>
    public static DeployPlan Plan(ApplicationSpec spec, IReadOnlyDictionary<string, CurrentService> current, IReadOnlyList<string> freshIds)
    {
        var wanted = new Dictionary<string, CurrentService>();
        var revisions = new List<string>();
        foreach (var (service, freshId) in spec.Services.Zip(freshIds))
        {
            var now = current.GetValueOrDefault(service.Name);
            var same = now is not null && CanonicalJson.SameButReplicas(now.Spec, service);
            wanted[service.Name] = now is null
                ? new CurrentService(freshId, 1, service.Replicas, service)
                : new CurrentService(now.ServiceId, same ? now.Revision : now.Revision + 1, service.Replicas, service);
            if (!same)
            {
                revisions.Add(service.Name);
            }
        }

        var leaving = current.Where(entry => !wanted.ContainsKey(entry.Key)).Select(entry => entry.Value.ServiceId).ToList();
        var scaled = wanted.Any(entry => current.TryGetValue(entry.Key, out var now) && now.Replicas != entry.Value.Replicas);
        return new DeployPlan(wanted, revisions, leaving, revisions.Count > 0 || leaving.Count > 0 || scaled);
    }
}
