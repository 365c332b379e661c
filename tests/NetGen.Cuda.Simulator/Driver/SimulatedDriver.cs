using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Driver;

/// <summary>
/// The driver's entry points over a simulated GPU, as function pointers by their exported names: who calls them cannot tell them from
/// <c>libcuda</c>. Work in streams is done as late as the rules allow, so that who reads too early reads old values; work that no event
/// orders and that touches the same bytes is a race.
/// </summary>
public sealed unsafe partial class SimulatedDriver : IDisposable
{
    private readonly DriverOptions _options;
    private readonly Gpu[] _gpus;
    private readonly Engine[] _engines;
    private readonly Context?[] _contexts;
    private readonly Dictionary<string, Delegate> _entryPoints = [];
    private readonly Dictionary<string, int> _calls = [];
    private readonly Dictionary<nint, object> _handles = [];
    private readonly Dictionary<CudaResult, nint> _texts = [];
    private readonly ThreadLocal<Context?> _current = new();
    private bool _isDisposed;
    private readonly Lock _gate = new();
    private nint _nextHandle = 0x1000;
    private bool _isInitialized;
    private CudaResult? _lost;

    /// <summary>Creates a driver with its cards.</summary>
    public SimulatedDriver(DriverOptions? options = null)
    {
        _options = options ?? new DriverOptions();
        _gpus = [.. _options.Devices.Select(device => new Gpu(_options.Seed, _options.HasChecks, device.Memory))];
        _engines = [.. _gpus.Select(gpu => new Engine(gpu, _options.Seed))];
        _contexts = new Context?[_gpus.Length];
        AddStart();
        AddMemory();
        AddCode();
        AddOrder();
        AddGraphs();
    }

    /// <summary>The fault that lost the context, if one did.</summary>
    public KernelFaultException? Fault { get; private set; }

    /// <summary>Why the last call that failed did.</summary>
    public string LastReason { get; private set; } = "";

    /// <summary>How many kernels ran, those of graphs among them.</summary>
    public long Launches => _engines.Sum(engine => engine.Launches);

    /// <summary>How often an entry point was called.</summary>
    public int Calls(string name)
    {
        lock (_gate)
            return _calls.GetValueOrDefault(name);
    }

    /// <summary>How many handles of streams, events, modules, graphs and pieces of memory are not given back.</summary>
    public int OpenHandles
    {
        get
        {
            lock (_gate)
                return _handles.Values.Count(handle => handle is not Function) + _allocations.Count + _hostMemory.Count;
        }
    }

    /// <summary>The function behind an exported name; 0 where this driver has none.</summary>
    [RequiresDynamicCode("Makes function pointers of delegates whose types it does not know.")]
    public nint GetExport(string name) => _entryPoints.TryGetValue(name, out Delegate? entryPoint) && !_options.Missing.Contains(name)
        ? Marshal.GetFunctionPointerForDelegate(entryPoint) : 0;

    private void Add(string name, Delegate entryPoint) => _entryPoints.Add(name, entryPoint);

    /// <summary>Does what a call asks for, and says what became of it.</summary>
    /// <param name="needsContext">Whether a context must be current in the thread.</param>
    private CudaResult Do(string name, Action action, bool needsContext = true)
    {
        lock (_gate)
        {
            int before = _calls.GetValueOrDefault(name);
            _calls[name] = before + 1;
            // As a real one answers while its process ends: what finalisers give back by then is gone.
            if (_isDisposed)
                return CudaResult.Deinitialized;
            try
            {
                if (_options.Intercept?.Invoke(name, before) is { } answer)
                {
                    if (answer == CudaResult.LaunchFailed)
                        _lost = answer;
                    throw new CudaFailure(answer, $"{name} was made to fail");
                }
                if (needsContext)
                {
                    if (!_isInitialized)
                        throw new CudaFailure(CudaResult.NotInitialized, "cuInit was not called");
                    if (_lost is { } lost)
                        throw new CudaFailure(lost, "the context was lost by an earlier fault");
                    if (_current.Value is null)
                        throw new CudaFailure(CudaResult.InvalidContext, "no context is current in this thread");
                    if (_options.Eagerness == Eagerness.ByChance && Engine.Chance())
                        Engine.RunSome();
                }
                action();
                return CudaResult.Success;
            }
            catch (CudaFailure failure)
            {
                LastReason = $"{name}: {failure.Message}";
                return failure.Result;
            }
            catch (KernelFaultException fault)
            {
                Fault = fault;
                LastReason = $"{name}: {fault.Message}";
                _lost = fault.Kind switch
                {
                    FaultKind.Bounds => CudaResult.IllegalAddress,
                    FaultKind.Alignment => CudaResult.MisalignedAddress,
                    _ => CudaResult.LaunchFailed,
                };
                return _lost.Value;
            }
        }
    }

    private Engine Engine => _engines[_current.Value!.Device];

    private Gpu CurrentGpu => _gpus[_current.Value!.Device];

    private nint Handle(object what)
    {
        _handles[_nextHandle] = what;
        _nextHandle += 16;
        return _nextHandle - 16;
    }

    private T Get<T>(nint handle)
        where T : class => _handles.TryGetValue(handle, out object? known) && known is T right
            ? right
            : throw new CudaFailure(CudaResult.InvalidHandle, known is null
                ? $"there is no {typeof(T).Name} {handle:X}, or it was given back"
                : $"{handle:X} is a {known.GetType().Name}, not a {typeof(T).Name}");

    private void Release<T>(nint handle)
        where T : class
    {
        Get<T>(handle);
        _handles.Remove(handle);
    }

    private static void Require(bool condition, string reason, CudaResult result = CudaResult.InvalidValue)
    {
        if (!condition)
            throw new CudaFailure(result, reason);
    }

    /// <summary>A text that the caller reads and nobody frees before the driver goes.</summary>
    private nint TextOf(CudaResult result)
    {
        if (!_texts.TryGetValue(result, out nint text))
            _texts[result] = text = Marshal.StringToCoTaskMemUTF8(NameOf(result));
        return text;
    }

    /// <summary>The driver's own spelling: <c>CUDA_ERROR_OUT_OF_MEMORY</c>.</summary>
    private static string NameOf(CudaResult result)
    {
        var text = new StringBuilder(result == CudaResult.Success ? "CUDA" : "CUDA_ERROR");
        foreach (char c in result.ToString())
            text.Append(char.IsUpper(c) ? "_" : "").Append(char.ToUpperInvariant(c));
        return text.ToString();
    }

    /// <summary>Frees all memory. Function pointers must not be called any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }
        foreach (HostBlock block in _hostMemory.Values)
        {
            if (block.IsOwn)
                NativeMemory.AlignedFree((void*)block.Address);
        }
        foreach (nint text in _texts.Values)
            Marshal.FreeCoTaskMem(text);
        foreach (Gpu gpu in _gpus)
            gpu.Dispose();
        _current.Dispose();
    }
}
