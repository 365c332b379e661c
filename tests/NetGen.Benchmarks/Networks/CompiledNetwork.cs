using System.Globalization;
using System.Reflection;
using NetGen;

namespace NetGen.Benchmarks.Networks;

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
        return new SessionHandle(Invoke("CreateSession", maxBatch, options));
    }

    public TrainerHandle CreateTrainer(int batch, int threads, int vectorBits)
    {
        var options = new TrainerOptions { Threads = threads, VectorWidth = (VectorWidth)vectorBits };
        return new TrainerHandle(Invoke("CreateTrainer", batch, new Adam(LearningRate), options));
    }

    private T Constant<T>(string name) =>
        (T)Convert.ChangeType((_type.GetField(name) ?? throw Lacks(name)).GetRawConstantValue()!, typeof(T), CultureInfo.InvariantCulture);

    private IDisposable Invoke(string method, params object[] arguments) =>
        (IDisposable)(_type.GetMethod(method) ?? throw Lacks(method))
            .Invoke(_network, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    private MissingMemberException Lacks(string member) => new($"The generated class {_type} has no {member}.");
}
