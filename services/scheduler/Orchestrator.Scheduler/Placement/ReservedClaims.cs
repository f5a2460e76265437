using System.Collections.ObjectModel;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Between stored reservations and the claims of placement. Equal ones of a service share one claim, and what is known keeps its own.</summary>
internal sealed class ReservedClaims(IReadOnlyDictionary<string, Claim>? known)
{
    private readonly Dictionary<string, Claim> _lastOfService = new(StringComparer.Ordinal);

    public Claim Of(string taskId, Reservation reservation)
    {
        if (known?.GetValueOrDefault(taskId) is { } kept && IsOf(kept, reservation))
        {
            return kept;
        }

        var service = reservation.ServiceId ?? "";
        if (_lastOfService.TryGetValue(service, out var last) && IsOf(last, reservation))
        {
            return last;
        }

        var claim = new Claim
        {
            Service = service,
            Demand = new Demand(reservation.Cpus, reservation.MemoryBytes, reservation.Pids)
            {
                Generic = reservation.Generic ?? ReadOnlyDictionary<string, long>.Empty,
                DeviceIds = reservation.DeviceIds ?? [],
            },
            Priority = reservation.Priority,
            MayBePreempted = MayBePreempted(reservation),
            Ports = [.. (reservation.Ports ?? []).Select(port => new HostPort(port.Port, port.Protocol, port.HostIp))],
        };
        _lastOfService[service] = claim;
        return claim;
    }

    public static Reservation Reserve(Claim claim, DateTimeOffset now) => new()
    {
        Cpus = claim.Demand.Cpus,
        MemoryBytes = claim.Demand.MemoryBytes,
        ReservedAt = now,
        ServiceId = claim.Service.Length > 0 ? claim.Service : null,
        Priority = claim.Priority,
        MayBePreempted = claim.MayBePreempted,
        Pids = claim.Demand.Pids,
        Generic = claim.Demand.Generic.Count > 0 ? claim.Demand.Generic : null,
        DeviceIds = claim.Demand.DeviceIds.Count > 0 ? claim.Demand.DeviceIds : null,
        Ports = claim.Ports.Count > 0 ? [.. claim.Ports.Select(port => new ReservedPort(port.Port, port.Protocol, port.HostIp))] : null,
    };

    private static bool MayBePreempted(Reservation reservation) => reservation is { MayBePreempted: true, PreemptedFor: null };

    private static bool IsOf(Claim claim, Reservation reservation) =>
        claim.Service == (reservation.ServiceId ?? "")
        && claim.Demand.Cpus.Equals(reservation.Cpus)
        && claim.Demand.MemoryBytes == reservation.MemoryBytes
        && claim.Demand.Pids == reservation.Pids
        && claim.Priority == reservation.Priority
        && claim.MayBePreempted == MayBePreempted(reservation)
        && claim.Demand.DeviceIds.SequenceEqual(reservation.DeviceIds ?? [])
        && claim.Demand.Generic.Count == (reservation.Generic?.Count ?? 0)
        && claim.Demand.Generic.All(pair => reservation.Generic!.GetValueOrDefault(pair.Key) == pair.Value)
        && claim.Ports.SequenceEqual((reservation.Ports ?? []).Select(port => new HostPort(port.Port, port.Protocol, port.HostIp)));
}
