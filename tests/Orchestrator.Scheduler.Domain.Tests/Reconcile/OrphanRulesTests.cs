using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class OrphanRulesTests
{
    private static readonly ServiceSnapshot Service = A.Service(replicas: 2);

    [Fact]
    public void AContainerOfAWantedSlotThatIsFree_Fits_AndItsAttemptFollowsFromItsId() => Assert.Equal((7, null), Fit());

    [Fact]
    public void AFailedOrPendingTask_DoesNotStandInItsWay() =>
        Assert.Null(Fit(tasks: [A.Task(1, state: TaskState.Failed), A.Task(1, attempt: 2, state: TaskState.Pending), A.Task(2)]).Reason);

    [Fact]
    public void WhatDoesNotFit_SaysWhy()
    {
        Assert.Equal("there is no service shop/web", Fit(service: null).Reason);
        Assert.Equal("there is no service shop/web", Fit(service: Service with { Removed = true }).Reason);
        Assert.Equal("it is of another service shop/web, which was removed", Fit(service: Service with { Id = "other" }).Reason);
        Assert.Equal("revision 2 of shop/web is not known", Fit(knownRevision: false).Reason);
        Assert.Equal("shop/web has 0 replicas, and this is slot 1", Fit(service: Service with { Replicas = 0 }).Reason);
        Assert.Equal("shop/web.1 runs already", Fit(tasks: [A.Task(1)]).Reason);
    }

    [Fact]
    public void OfAGlobalService_TheNodeIsTheSlot()
    {
        var global = Service with { GlobalSlots = new Dictionary<int, string>() };
        var container = Container with { Slot = 5 };
        var id = TaskIds.Derive(global.Id, "n1", 2, 3);
        Assert.Equal((3, null), OrphanRules.Fit(id, container, "n1", global, true, [(A.Task(5), "n2")]));
        Assert.Equal("shop/web.5 runs already", OrphanRules.Fit(id, container, "n1", global, true, [(A.Task(1), "n1")]).Reason);
    }

    private static ContainerIdentity Container { get; } = new() { App = "shop", Service = "web", Slot = 1, Revision = 2, Name = "shop_web.1.x" };

    private static (int Attempt, string? Reason) Fit(bool knownRevision = true, params TaskSnapshot[] tasks) => Fit(Service, knownRevision, tasks);

    private static (int Attempt, string? Reason) Fit(ServiceSnapshot? service, bool knownRevision = true, params TaskSnapshot[] tasks) =>
        OrphanRules.Fit(TaskIds.Derive(Service.Id, 1, 2, 7), Container, "n1", service, knownRevision, tasks.Select(task => (task, (string?)"n2")));
}
