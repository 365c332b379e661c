using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>A network's kernels on one GPU, as the driver has compiled them, and the parameters of its instances there.</summary>
internal sealed class LoadedKernels
{
    private readonly CudaModule _module;
    private readonly ConditionalWeakTable<AlignedBuffer, DeviceParameters> _parameters = [];

    /// <summary>Compiles them, or takes them from the driver's cache.</summary>
    /// <exception cref="CudaException">The driver refuses them.</exception>
    public LoadedKernels(CudaContext context, CudaKernels kernels)
    {
        (Context, Kernels) = (context, kernels);
        _module = new CudaModule(context, kernels.Module, kernels.Network);
        var functions = new List<CudaFunction>();
        foreach (string name in kernels.Names)
            functions.Add(_module.Find(name));
        Functions = [.. functions];
        Threads = kernels.Threads.ToArray();
        Copies = new CudaStream(context);
    }

    public CudaContext Context { get; }

    public CudaKernels Kernels { get; }

    public CudaFunction[] Functions { get; }

    public int[] Threads { get; }

    /// <summary>Where parameters are copied. As the kernels, it is there as long as the process, whatever networks come and go.</summary>
    public CudaStream Copies { get; }

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
