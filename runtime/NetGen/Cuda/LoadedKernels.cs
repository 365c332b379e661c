using System.Globalization;
using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>A network's kernels on one GPU, as the driver has compiled them, and the parameters of its instances there.</summary>
internal sealed class LoadedKernels
{
    private readonly ConditionalWeakTable<AlignedBuffer, DeviceParameters> _parameters = [];
    private readonly Dictionary<Precision, LaunchedKernels> _precisions = [];

    /// <summary>Compiles those of <see cref="Precision.Float32"/>, or takes them from the driver's cache.</summary>
    /// <exception cref="CudaException">The driver refuses them.</exception>
    public LoadedKernels(CudaContext context, CudaKernels kernels)
    {
        (Context, Kernels) = (context, kernels);
        var module = new CudaModule(context, kernels.Module, kernels.Network);
        var functions = new List<CudaFunction>();
        foreach (string name in kernels.Names)
            functions.Add(module.Find(name));
        Plain = new LaunchedKernels([.. functions], kernels.Threads.ToArray(), module);
        _precisions.Add(Precision.Float32, Plain);
        Copies = new CudaStream(context);
    }

    public CudaContext Context { get; }

    public CudaKernels Kernels { get; }

    /// <summary>Those of <see cref="Precision.Float32"/>.</summary>
    public LaunchedKernels Plain { get; }

    /// <summary>Where parameters are copied. As the kernels, it is there as long as the process, whatever networks come and go.</summary>
    public CudaStream Copies { get; }

    /// <summary>
    /// Those of a precision that the network has, compiled by the first who asks: the same in number and threads, and but for products on
    /// tensor cores the same kernels.
    /// </summary>
    /// <exception cref="CudaException">The driver refuses them.</exception>
    public LaunchedKernels In(Precision precision)
    {
        lock (_precisions)
        {
            if (_precisions.TryGetValue(precision, out LaunchedKernels? known))
                return known;
            CudaFunction[] functions = [.. Plain.Functions];
            CudaModule? module = null;
            if (Kernels.PrecisionKernels.Length > 0)
            {
                module = new CudaModule(Context, Kernels.ModuleIn(precision), Kernels.Network);
                foreach (int number in Kernels.PrecisionKernels)
                    functions[number] = module.Find(Kernels.Names[number]);
            }
            var kernels = new LaunchedKernels(functions, Plain.Threads, module);
            _precisions.Add(precision, kernels);
            return kernels;
        }
    }

    /// <summary>The parameters of one instance of the network, which all its sessions on this GPU share.</summary>
    public DeviceParameters ParametersOf(INetwork network, AlignedBuffer parameters)
    {
        lock (_parameters)
        {
            if (!_parameters.TryGetValue(parameters, out DeviceParameters? known))
            {
                known = new DeviceParameters(this, network, parameters);
                _parameters.Add(parameters, known);
            }
            return known;
        }
    }
}

/// <summary>A network's kernels on one GPU in one precision, by their numbers.</summary>
/// <param name="Functions">The kernels.</param>
/// <param name="Threads">Threads of a block of each.</param>
/// <param name="Module">Keeps the functions that are of this precision alone; null where there are none.</param>
internal sealed record LaunchedKernels(CudaFunction[] Functions, int[] Threads, CudaModule? Module)
{
    /// <summary>What runs, in words.</summary>
    public string Schedule(CudaContext context, Precision precision, long valueBytes, long parameterFloats)
        => string.Create(CultureInfo.InvariantCulture, $"{context.Device.Name}, {precision}: {Functions.Length} kernels, "
            + $"{valueBytes / 1e6:0.#} MB of activations, {sizeof(float) * parameterFloats / 1e6:0.#} MB of parameters");
}
