using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cuda;

/// <summary>Kernels and launches of a graph, while they are chosen.</summary>
internal sealed class CudaSelection
{
    private readonly Dictionary<object, CudaKernel> _kernels = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, Value> _same = [];
    private readonly Dictionary<Node, Value> _kept = [];

    /// <summary>What losses take, by their nodes; none in a graph for inference.</summary>
    private readonly IReadOnlyDictionary<Node, CudaLoss> _losses;

    /// <param name="losses">What losses take, by their nodes; null in a graph for inference.</param>
    public CudaSelection(IReadOnlyDictionary<Node, CudaLoss>? losses = null)
        => (IsTraining, _losses) = (losses is not null, losses ?? new Dictionary<Node, CudaLoss>());

    /// <summary>A backward pass follows.</summary>
    public bool IsTraining { get; }

    public List<CudaLaunch> Launches { get; } = [];

    /// <summary>The node whose launches are being appended.</summary>
    public Node? Current { get; set; }

    /// <summary>What is launched when parameters have changed, before anything else is.</summary>
    public List<CudaLaunch> Preparations { get; } = [];

    /// <summary>Each once, in the order of their first launches.</summary>
    public List<CudaKernel> Kernels { get; } = [];

    /// <summary>What launches read beside values and parameters, each once.</summary>
    public List<CudaConstant> Constants { get; } = [];

    /// <summary>
    /// Numbers of each sample that a node of the forward pass keeps for its gradients, where the graph has no value for them.
    /// </summary>
    public Value Kept(Node forward, int length)
    {
        if (!_kept.TryGetValue(forward, out Value? value))
            _kept.Add(forward, value = new Value(forward.Name + "Kept", TensorShape.Vector(length)));
        return value;
    }

    /// <summary>Numbers of working memory that the hungriest launch needs.</summary>
    public CudaCount Scratch { get; private set; }

    /// <summary>What a loss takes.</summary>
    public CudaLoss LossOf(Node node) => _losses[node];

    /// <summary>A kernel that is there once for all nodes with the same key.</summary>
    /// <param name="node">Gives a kernel that is not there yet its name.</param>
    /// <param name="key">All that the text depends on.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="write">The text for a name.</param>
    /// <param name="what">Behind the node's name, where it has several.</param>
    public CudaKernel Kernel(Node node, object key, int threads, Func<string, string> write, string what = "")
        => Kernel(node, key, name => new CudaKernel(name, write(name), threads), what);

    /// <summary>That of a product, likewise: on tensor cores it depends on the precision.</summary>
    public CudaKernel Kernel(Node node, object key, ProductKernel product)
        => Kernel(node, key, name => new CudaKernel(name, product.Write(name, node.Title), product.Tile.Threads)
        {
            InPrecision = product.Tile.IsOfTensorCores
                ? precision => product.Write(name, $"{node.Title}, in {precision}", precision) : null,
        }, what: "");

    private CudaKernel Kernel(Node node, object key, Func<string, CudaKernel> create, string what)
    {
        if (_kernels.TryGetValue(key, out CudaKernel? known))
            return known;
        string stem = node.Name + what + node.Verb, name = stem;
        for (int i = 2; !_names.Add(name); i++)
            name = stem + "_" + Invariant.Text(i);
        CudaKernel kernel = create(name);
        _kernels.Add(key, kernel);
        Kernels.Add(kernel);
        return kernel;
    }

    public void Launch(CudaKernel kernel, CudaExtent columns, CudaExtent rows, params CudaArgument[] arguments)
        => Launches.Add(new CudaLaunch(Current!, kernel, columns, rows, arguments));

    /// <summary>A kernel with a thread for each of so many elements.</summary>
    /// <param name="arguments">All but the count, which is the last.</param>
    public void LaunchForEach(CudaKernel kernel, CudaCount count, params CudaArgument[] arguments)
        => Launch(kernel, new CudaExtent(count, kernel.Threads), CudaExtent.One, [.. arguments, Of(count)]);

    /// <summary>A kernel whose teams of threads take a row each.</summary>
    /// <param name="arguments">All but the count, which is the last.</param>
    public void LaunchForRows(CudaKernel kernel, RowTeam team, CudaCount rows, params CudaArgument[] arguments)
        => Launch(kernel, new CudaExtent(rows, team.PerBlock), CudaExtent.One, [.. arguments, Of(rows)]);

    /// <summary>A value that is another one by another name: it has no memory of its own.</summary>
    public void Alias(Value alias, Value value) => _same.Add(alias, Storage(value));

    /// <summary>The value whose memory a value is in.</summary>
    public Value Storage(Value value) => _same.TryGetValue(value, out Value? storage) ? storage : value;

    public CudaArgument Of(Value value) => new CudaArgument.OfValue(Storage(value));

    public static CudaArgument Of(ParameterInfo parameter) => new CudaArgument.OfParameter(parameter);

    /// <summary>What a node uses of a tensor: all of it, or a part.</summary>
    public static CudaArgument Of(ParameterUse use)
        => new CudaArgument.OfParameter(use.Parameter, (long)use.Part * (use.Parameter.Length / use.Parts));

    /// <summary>What a node uses in a slot; nothing where that is empty.</summary>
    public static CudaArgument[] Of(Node node, string slot)
        => node.Parameters.Find(use => use.Slot == slot) is { } use ? [Of(use)] : [];

    /// <summary>Where the gradient of what a node uses goes.</summary>
    public static CudaArgument GradientOf(ParameterUse use)
        => new CudaArgument.OfGradient(use.Parameter, use.Turn, (long)use.Part * (use.Parameter.Length / use.Parts));

    /// <summary>Where the gradient of the tensor in a slot goes; null where there is none, or it is not learned.</summary>
    public static CudaArgument? GradientOf(Node node, string slot)
        => node.Parameters.Find(use => use.Slot == slot && use.Parameter.IsLearned) is { } use ? GradientOf(use) : null;

    /// <summary>Working memory of this launch and the next ones of its node.</summary>
    public CudaArgument ScratchOf(CudaCount floats)
    {
        Scratch = new CudaCount(Math.Max(Scratch.Constant, floats.Constant), Math.Max(Scratch.PerSample, floats.PerSample));
        return new CudaArgument.OfScratch();
    }

    public static CudaArgument Of(CudaCount count) => new CudaArgument.OfCount(count);

    /// <summary>The lengths of a value's samples; nothing where they have a fixed one.</summary>
    public static CudaArgument[] LengthsOf(Value value) => LengthsOf(value.Shape);

    /// <inheritdoc cref="LengthsOf(Value)"/>
    public static CudaArgument[] LengthsOf(TensorShape shape)
        => shape.Axis is { } axis ? [new CudaArgument.OfLengths(axis)] : [];

    /// <param name="offset">Numbers in front of what is meant.</param>
    public CudaArgument Of(CudaConstant constant, long offset = 0)
    {
        if (!Constants.Contains(constant))
            Constants.Add(constant);
        return new CudaArgument.OfConstant(constant, offset);
    }
}
