using System.Globalization;
using System.Reflection;
using NetGen;

namespace NetGen.Benchmarks.Networks;

internal delegate void ForwardCall(ReadOnlySpan<float> input, Span<float> output);

internal delegate float StepCall(ReadOnlySpan<float> input, ReadOnlySpan<int> labels);

internal delegate void BackwardFromOutputCall(ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

/// <summary>A generated session behind delegates, so that networks of different types can stand in one list.</summary>
internal sealed record SessionHandle(ForwardCall Forward, string Schedule, IDisposable Owner) : IDisposable
{
    public void Dispose() => Owner.Dispose();
}

/// <summary>A generated trainer behind delegates.</summary>
/// <param name="Step">Null for a network without a loss.</param>
internal sealed record TrainerHandle(ForwardCall Forward, BackwardFromOutputCall BackwardFromOutput, StepCall? Step, string Schedule,
    IDisposable Owner) : IDisposable
{
    public void Dispose() => Owner.Dispose();
}

/// <summary>
/// A generated network reached by reflection: two dozen declarations share this adapter instead of bringing one each.
/// The calls that are timed go through delegates, a few nanoseconds each.
/// </summary>
internal sealed class CompiledNetwork
{
    private const float LearningRate = 1e-3f;
    private const ulong Seed = 1;

    private readonly Type _type;
    private readonly INetwork _network;

    /// <param name="type">The generated class.</param>
    /// <param name="parameterFile">A safetensors file with its parameters; null for a fresh initialisation.</param>
    public CompiledNetwork(Type type, string? parameterFile = null)
    {
        _type = type;
        InputSize = Constant<int>("InputSize");
        OutputSize = Constant<int>("OutputSize");
        MultiplyAdds = Constant<long>("MultiplyAdds");
        ConstructorInfo constructor = type.GetConstructor([typeof(ulong)]) ?? throw Lacks("constructor (ulong seed)");
        _network = (INetwork)constructor.Invoke([Seed]);
        if (parameterFile is not null)
            _network.LoadParameters(parameterFile);
    }

    public string Name => _type.Name;

    public int InputSize { get; }

    public int OutputSize { get; }

    public long MultiplyAdds { get; }

    public SessionHandle CreateSession(int maxBatch, int threads, int vectorBits)
    {
        var options = new SessionOptions { Threads = threads, VectorWidth = (VectorWidth)vectorBits };
        object session = Invoke("CreateSession", maxBatch, options);
        return new SessionHandle(Bind<ForwardCall>(session, "Forward")!, Schedule(session), (IDisposable)session);
    }

    public TrainerHandle CreateTrainer(int batch, int threads, int vectorBits)
    {
        var options = new TrainerOptions { Threads = threads, VectorWidth = (VectorWidth)vectorBits };
        object trainer = Invoke("CreateTrainer", batch, new Adam(LearningRate), options);
        return new TrainerHandle(
            Bind<ForwardCall>(trainer, "Forward")!,
            Bind<BackwardFromOutputCall>(trainer, "BackwardFromOutput")!,
            Bind<StepCall>(trainer, "Step", optional: true),
            Schedule(trainer),
            (IDisposable)trainer);
    }

    private static string Schedule(object owner) =>
        (string)owner.GetType().GetProperty("Schedule")!.GetValue(owner)!;

    private T Constant<T>(string name) =>
        (T)Convert.ChangeType((_type.GetField(name) ?? throw Lacks(name)).GetRawConstantValue()!, typeof(T), CultureInfo.InvariantCulture);

    private object Invoke(string method, params object[] arguments) =>
        (_type.GetMethod(method) ?? throw Lacks(method)).Invoke(_network, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    private T? Bind<T>(object target, string method, bool optional = false)
        where T : Delegate
    {
        Type[] parameters = [.. typeof(T).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        MethodInfo? found = target.GetType().GetMethod(method, parameters);
        if (found is null)
            return optional ? null : throw Lacks($"{target.GetType().Name}.{method}({string.Join(", ", parameters.Select(parameter => parameter.Name))})");
        return found.CreateDelegate<T>(target);
    }

    private MissingMemberException Lacks(string member) => new($"The generated class {_type} has no {member}.");
}
