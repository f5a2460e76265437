using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Network;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Nodes;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Plans;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.Scheduler.Reports;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.Scheduler.Status;
using Orchestrator.Scheduler.Sweep;

namespace Orchestrator.Scheduler;

public static class SchedulerServiceCollectionExtensions
{
    private const string Prefix = "orchestrator.scheduler.";

    public static IServiceCollection AddScheduler(this IServiceCollection services)
    {
        services.AddOptions<SchedulerOptions>().BindConfiguration(SchedulerOptions.Section).ValidateDataAnnotations()
            .Validate(options => ClusterRanges.Of(options.ClusterRange, options.SubnetBits).Ranges is not null, "Scheduler:ClusterRange, Scheduler:SubnetBits: write a range with a prefix of 8 to 20 bits, such as 10.128.0.0/12, and the prefix of subnets that go into it 16 times or more, such as 24")
            .ValidateOnStart();
        services.AddSingleton<NetworkSettings>();
        services.AddSingleton<AddressClaims>();
        services.AddSingleton<NodeSubnets>();
        services.AddSingleton<NetworkTeller>();
        services.AddSingleton<DrainWaits>();
        services.AddSingleton<EndpointDesk>();
        services.AddSingleton<EndpointSync>();
        services.AddSingleton<WantedSpecs>();
        services.AddSingleton<ISagaStore<RolloutSaga>, RolloutSagaStore>();
        services.AddSingleton<RolloutTeller>();
        services.AddSingleton<RolloutMoves>();
        services.AddSingleton<RolloutStarts>();
        services.AddSingleton<RolloutSweep>();
        services.AddSingleton<AppFollower>();
        services.AddSingleton<NodeCommandDesk>();
        services.AddSingleton<CommandDesk>();
        services.AddSingleton<IPlacementPlanner>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SchedulerOptions>>().Value;
            return new PlacementPlanner(new PlacementOptions { Strategy = options.Strategy, ExplainedTasks = options.ExplainedTasks });
        });
        services.AddSingleton<NodeView>();
        services.AddSingleton<PlacementDesk>();
        services.AddSingleton<RevisionCache>();
        services.AddSingleton<Instructor>();
        services.AddSingleton<ServiceReader>();
        services.AddSingleton<PassOutcome>();
        services.AddSingleton<Neighbours>();
        services.AddSingleton<GroupTemplates>();
        services.AddSingleton<WaitingServices>();
        services.AddSingleton<VolumeHomes>();
        services.AddSingleton<Residences>();
        services.AddSingleton<Nominees>();
        services.AddSingleton<Rebalancer>();
        services.AddSingleton<AppPlans>();
        services.AddSingleton<TaskPlacer>();
        services.AddSingleton<PassWrites>();
        services.AddSingleton<ServicePass>();
        services.AddSingleton<AskedServices>();
        services.AddSingleton<ReconcileQueue>();
        services.AddSingleton<NodeTaskFates>();
        services.AddSingleton<HeartbeatDesk>();
        services.AddSingleton<LivenessFollower>();
        services.AddSingleton<QuarantineDesk>();
        services.AddSingleton<TaskAdoption>();
        services.AddSingleton<SuccessorAdoption>();
        services.AddSingleton<ReportSaver>();
        services.AddSingleton<ReportDesk>();
        services.AddSingleton<OrphanDesk>();
        services.AddSingleton<PressureRelief>();
        services.AddSingleton<NodeRemovals>();
        services.AddSingleton<NodeChanges>();
        services.AddSingleton<ReservationSweep>();
        services.AddHostedService<Sweeper>();
        services.AddHostedService<ClusterCounts>();
        return services;
    }

    public static void AddSchedulerConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<DeployAppConsumer>();
        bus.AddConsumer<ScaleServiceConsumer>();
        bus.AddConsumer<RemoveAppConsumer>();
        bus.AddConsumer<SteerRolloutConsumer>();
        bus.AddConsumer<RollbackServiceConsumer>();
        bus.AddSagaStateMachine<RolloutStateMachine, RolloutSaga>().KeepInStore();
        bus.AddConsumer<RemoveNodeConsumer>();
        bus.AddConsumer<UpdateNodeConsumer>();
        bus.AddConsumer<PlanAppConsumer>();
        bus.AddConsumer<ServiceChangedConsumer>();
        bus.AddConsumer<TasksReportedConsumer>();
        bus.AddConsumer<NodeJoinedConsumer>();
        bus.AddConsumer<NodeSyncConsumer>();
        bus.AddConsumer<NodeVerdictConsumer>();
        bus.AddConsumer<NodesChangedConsumer>();
        bus.AddConsumer<EndpointsAppliedConsumer>();
    }

    public static void ConfigureSchedulerEndpoints(this IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        bus.SharedQueue(context, Prefix + "deploy-app", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<DeployAppConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "scale-service", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<ScaleServiceConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "remove-app", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<RemoveAppConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "steer-rollout", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<SteerRolloutConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "rollback-service", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<RollbackServiceConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "rollouts", endpoint =>
        {
            endpoint.TakeForSaga(context);
            endpoint.ConfigureSaga<RolloutSaga>(context, saga => RolloutTurns.Take(saga, endpoint.CreatePartitioner(RolloutTurns.AtOnce)));
        });
        bus.SharedQueue(context, Prefix + "remove-node", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<RemoveNodeConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "update-node", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<UpdateNodeConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "plan-app", endpoint => endpoint.ConfigureConsumer<PlanAppConsumer>(context));
        bus.SharedQueue(context, Prefix + "service-changed", endpoint => endpoint.ConfigureConsumer<ServiceChangedConsumer>(context));
        bus.SharedQueue(context, Prefix + "tasks-reported", endpoint => endpoint.ConfigureConsumer<TasksReportedConsumer>(context));
        bus.SharedQueue(context, Prefix + "nodes", endpoint =>
        {
            endpoint.ConfigureConsumer<NodeJoinedConsumer>(context);
            endpoint.ConfigureConsumer<NodeSyncConsumer>(context);
            endpoint.ConfigureConsumer<NodeVerdictConsumer>(context);
        });
        bus.ReceiveEndpoint(Prefix + NewId.NextGuid().ToString("N"), endpoint =>
        {
            endpoint.PerInstance();
            endpoint.ConfigureConsumer<NodesChangedConsumer>(context);
            endpoint.ConfigureConsumer<EndpointsAppliedConsumer>(context);
        });
    }
}
