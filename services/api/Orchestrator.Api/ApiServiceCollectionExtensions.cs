using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Api.Apps;
using Orchestrator.Api.Backup;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Api.Dlq;
using Orchestrator.Api.Events;
using Orchestrator.Api.Join;
using Orchestrator.Api.Logs;
using Orchestrator.Api.Networks;
using Orchestrator.Api.Nodes;
using Orchestrator.Api.Plans;
using Orchestrator.Api.Posts;
using Orchestrator.Api.Rollouts;
using Orchestrator.Api.Services;
using Orchestrator.Api.Status;
using Orchestrator.Api.Tasks;
using Orchestrator.Api.Tokens;
using Orchestrator.Messaging;

namespace Orchestrator.Api;

public static class ApiServiceCollectionExtensions
{
    private const string Prefix = "orchestrator.api.";
    private const int HistoryBatch = 100;
    private const int PostBatch = 100;
    private static readonly TimeSpan HistoryBatchTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PostBatchTime = TimeSpan.FromMilliseconds(20);

    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.Token is not null || options.TokenFile.Length > 0, "nobody could get in: set Api__Token to a token, or Api__TokenFile to a file for one")
            .ValidateOnStart();
        services.AddSingleton<TokenKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenKeeper>());
        services.AddSingleton<CommandDesk>();
        services.AddSingleton<CommandAnswers>();
        services.AddSingleton<UnansweredCommands>();
        services.AddSingleton<CommandPublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<CommandPublisher>());
        services.AddSingleton<ComposeDeploys>();
        services.AddSingleton<ServiceReader>();
        services.AddSingleton<RevisionReader>();
        services.AddSingleton<LogDesk>();
        services.AddSingleton<PlanDesk>();
        services.AddSingleton<TaskPostDesk>();
        services.AddSingleton<HistorySignal>();
        services.AddSingleton<EventStream>();
        services.AddHostedService<HistoryRetention>();
        services.AddOptions<JoinOptions>().BindConfiguration(JoinOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient();
        services.AddSingleton<BrokerManagement>();
        services.AddSingleton<JoinTokens>();
        services.AddHostedService<JoinSweep>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        services.AddSingleton<ErrorQueues>();
        services.AddSingleton<ErrorQueueCounts>();
        services.AddSingleton<ErrorQueueSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<ErrorQueueSweep>());
        services.AddProblemDetails();
        services.AddExceptionHandler<UnavailableHandler>();
        services.AddOpenApi("v1");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.RespectNullableAnnotations = true);
        return builder;
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapOpenApi("/openapi/{documentName}.json");
        var api = app.MapGroup("/api/v1").AddEndpointFilter<RouteGroupBuilder, RequireToken>();
        api.MapDeploy();
        api.MapPlans();
        api.MapApps();
        api.MapCommands();
        api.MapServices();
        api.MapRevisions();
        api.MapRollouts();
        api.MapTasks();
        api.MapExplanations();
        api.MapLogs();
        api.MapNodes();
        api.MapNetworkTrace();
        api.MapJoin();
        api.MapEvents();
        api.MapDlq();
        api.MapStatus();
        api.MapBackup();
        return app;
    }

    public static void AddApiConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<DeployComposeConsumer>();
        bus.AddConsumer<CommandAnsweredConsumer>();
        bus.AddConsumer<HistoryConsumer>(consumer => consumer.Options<BatchOptions>(batch => batch
            .SetMessageLimit(HistoryBatch)
            .SetTimeLimit(HistoryBatchTime)
            .SetConcurrencyLimit(1)));
        bus.AddConsumer<PostTaskHealthConsumer>(consumer => consumer.Options<BatchOptions>(batch => batch
            .SetMessageLimit(PostBatch)
            .SetTimeLimit(PostBatchTime)
            .SetConcurrencyLimit(1)));
        bus.AddConsumer<HistoryAppendedConsumer>();
        bus.AddConsumer<CommandAnsweredSignalConsumer>();
        bus.AddConsumer<ErrorQueuesCountedConsumer>();
        bus.AddConsumer<TaskLogsReadConsumer>();
        bus.AddConsumer<AppPlannedConsumer>();
        bus.AddConsumer<JoinNodeConsumer>();
        bus.AddConsumer<NodeRemovedConsumer>();
    }

    public static void ConfigureApiEndpoints(this IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        bus.SharedQueue(context, Prefix + "deploy-compose", endpoint =>
        {
            endpoint.TakeFromOutsiders(context);
            endpoint.ConfigureConsumer<DeployComposeConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "post-task-health", endpoint =>
        {
            endpoint.TakePassingWords(context, TaskPostDesk.Worth);
            endpoint.ConfigureConsumer<PostTaskHealthConsumer>(context);
        });
        bus.SharedQueue(context, Prefix + "answers", endpoint => endpoint.ConfigureConsumer<CommandAnsweredConsumer>(context));
        bus.SharedQueue(context, Prefix + "join-node", endpoint => endpoint.ConfigureConsumer<JoinNodeConsumer>(context));
        bus.SharedQueue(context, Prefix + "node-removed", endpoint => endpoint.ConfigureConsumer<NodeRemovedConsumer>(context));
        bus.SharedQueue(context, Prefix + "history", endpoint =>
        {
            endpoint.SingleActive();
            endpoint.ConfigureConsumer<HistoryConsumer>(context);
        });
        bus.ReceiveEndpoint(Prefix + NewId.NextGuid().ToString("N"), endpoint =>
        {
            endpoint.PerInstance();
            endpoint.ConfigureConsumer<HistoryAppendedConsumer>(context);
            endpoint.ConfigureConsumer<CommandAnsweredSignalConsumer>(context);
            endpoint.ConfigureConsumer<ErrorQueuesCountedConsumer>(context);
            endpoint.ConfigureConsumer<TaskLogsReadConsumer>(context);
            endpoint.ConfigureConsumer<AppPlannedConsumer>(context);
        });
    }
}
