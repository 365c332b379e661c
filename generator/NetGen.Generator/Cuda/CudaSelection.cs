using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cuda;

/// <summary>Kernels and launches of a graph, while they are chosen.</summary>
internal sealed class CudaSelection
{
    private readonly Dictionary<object, CudaKernel> _kernels = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, Value> _same = [];

    public List<CudaLaunch> Launches { get; } = [];

    /// <summary>The node whose launches are being appended.</summary>
    public Node? Current { get; set; }

    /// <summary>Each once, in the order of their first launches.</summary>
    public List<CudaKernel> Kernels { get; } = [];

    /// <summary>A kernel that is there once for all nodes with the same key.</summary>
    /// <param name="node">Gives a kernel that is not there yet its name.</param>
    /// <param name="key">All that the text depends on.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="write">The text for a name.</param>
    public CudaKernel Kernel(Node node, object key, int threads, Func<string, string> write)
    {
        if (_kernels.TryGetValue(key, out CudaKernel? known))
            return known;
        string stem = node.Name + node.Verb, name = stem;
        for (int i = 2; !_names.Add(name); i++)
            name = stem + "_" + Invariant.Text(i);
        var kernel = new CudaKernel(name, write(name), threads);
        _kernels.Add(key, kernel);
        Kernels.Add(kernel);
        return kernel;
    }

    public void Launch(CudaKernel kernel, CudaExtent columns, CudaExtent rows, params CudaArgument[] arguments)
        => Launches.Add(new CudaLaunch(Current!, kernel, columns, rows, arguments));

    /// <summary>A value that is another one by another name: it has no memory of its own.</summary>
    public void Alias(Value alias, Value value) => _same.Add(alias, Storage(value));

    /// <summary>The value whose memory a value is in.</summary>
    public Value Storage(Value value) => _same.TryGetValue(value, out Value? storage) ? storage : value;

    public CudaArgument Of(Value value) => new CudaArgument.OfValue(Storage(value));

    public static CudaArgument Of(ParameterInfo parameter) => new CudaArgument.OfParameter(parameter);

    public static CudaArgument Of(CudaCount count) => new CudaArgument.OfCount(count);
}
