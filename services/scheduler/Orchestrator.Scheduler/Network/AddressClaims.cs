using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>Each subnet and each service's address is claimed by one compare-and-set.</summary>
internal sealed class AddressClaims(ILeaseStore leases, TimeProvider time)
{
    /// <param name="address">What is claimed.</param>
    /// <param name="holder">By whom.</param>
    /// <param name="isGone">Whether another holder is no more: then its claim may be taken over.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>False when another has it.</returns>
    public async Task<bool> TryClaimAsync(string address, string holder, Func<string, Task<bool>> isGone, CancellationToken cancellation)
    {
        var id = IdOf(address);
        while (true)
        {
            var found = await leases.FindAsync(id, cancellation);
            if (found?.Holder == holder)
            {
                return true;
            }

            if (found?.Holder is { } other && !await isGone(other))
            {
                return false;
            }

            var claim = new LeaseDocument { Id = id, Version = found?.Version ?? 0, Holder = holder, Epoch = (found?.Epoch ?? 0) + 1, RenewedAt = time.GetUtcNow() };
            if (found is null ? await leases.TryInsertAsync(claim, cancellation) : await leases.TryReplaceAsync(claim, cancellation))
            {
                return true;
            }
        }
    }

    /// <summary>Does nothing when another has it.</summary>
    public async Task GiveBackAsync(string address, string holder, CancellationToken cancellation)
    {
        while (await leases.FindAsync(IdOf(address), cancellation) is { } found && found.Holder == holder
               && !await leases.TryReplaceAsync(found with { Holder = null }, cancellation))
        {
        }
    }

    private static string IdOf(string address) => "address " + address;
}
