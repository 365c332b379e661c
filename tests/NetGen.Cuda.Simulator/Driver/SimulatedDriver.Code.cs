using System.Runtime.InteropServices;
using System.Text;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Driver;

/// <content>Modules, functions and launches.</content>
public sealed unsafe partial class SimulatedDriver
{
    /// <summary>Options of a module's load: where the log of errors goes, and how much room it has.</summary>
    private const int ErrorLogOption = 5, ErrorLogSizeOption = 6;

    /// <summary>Of a function: the most shared memory that launches may ask for.</summary>
    private const int DynamicSharedAttribute = 8;

    /// <summary>Of a launch: whether it may begin while the kernel before it still runs.</summary>
    private const int EarlyLaunchAttribute = 6;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult LoadModule(nint* module, byte* image, uint count, int* options, nint* values);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult FindFunction(nint* function, nint module, byte* name);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult SetAttribute(nint function, int attribute, int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult GetAttribute(int* value, int attribute, nint function);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult LaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, nint* parameters, nint* extra);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult LaunchKernelEx(LaunchConfig* config, nint function, nint* parameters, nint* extra);

    private void AddCode()
    {
        Add("cuModuleLoadDataEx", new LoadModule((module, image, count, options, values) =>
            Do("cuModuleLoadDataEx", () => *module = Load(image, count, options, values))));
        Add("cuModuleUnload", new OneHandle(module => Do("cuModuleUnload", () =>
        {
            Module known = Get<Module>(module);
            Engine.FinishAll();
            foreach (nint handle in _handles.Where(entry => entry.Value is Function function
                && function.Kernel.Module == known.Ptx).Select(e => e.Key).ToArray())
                _handles.Remove(handle);
            Release<Module>(module);
        })));
        Add("cuModuleGetFunction", new FindFunction((function, module, name) => Do("cuModuleGetFunction", () =>
        {
            string text = Marshal.PtrToStringUTF8((nint)name) ?? "";
            Require(Get<Module>(module).Ptx.Kernels.TryGetValue(text, out PtxKernel? kernel), $"the module has no kernel '{text}'",
                CudaResult.NotFound);
            *function = Handle(new Function(kernel!));
        })));
        Add("cuFuncSetAttribute", new SetAttribute((function, attribute, value) => Do("cuFuncSetAttribute", () =>
        {
            Require(attribute == DynamicSharedAttribute, $"the attribute {attribute} is not simulated");
            Function known = Get<Function>(function);
            Require(value >= 0 && known.Kernel.SharedBytes + value <= LaunchShape.SharedLimit, $"{value} bytes are more than a block has");
            known.DynamicSharedLimit = value;
        })));
        Add("cuFuncGetAttribute", new GetAttribute((value, attribute, function) => Do("cuFuncGetAttribute", () =>
        {
            Function known = Get<Function>(function);
            *value = attribute switch
            {
                0 => known.Kernel.MaxThreads,
                1 => known.Kernel.SharedBytes,
                2 => known.Kernel.Module.Constants.Length,
                3 => 0,
                5 or 6 => known.Kernel.Module.Target,
                DynamicSharedAttribute => known.DynamicSharedLimit,
                _ => throw new CudaFailure(CudaResult.InvalidValue, $"the attribute {attribute} is not simulated"),
            };
        })));
        Add("cuLaunchKernel", new LaunchKernel((function, gx, gy, gz, bx, by, bz, shared, stream, parameters, extra) =>
            Do("cuLaunchKernel", () =>
            Launch(function, Shape(gx, gy, gz, bx, by, bz, shared), stream, parameters, extra, mayBeginEarly: false))));
        Add("cuLaunchKernelEx", new LaunchKernelEx((config, function, parameters, extra) => Do("cuLaunchKernelEx", () =>
        {
            bool mayBeginEarly = false;
            for (uint i = 0; i < config->AttributeCount; i++)
            {
                LaunchAttribute attribute = config->Attributes[i];
                Require(attribute.Id is 0 or EarlyLaunchAttribute, $"the launch attribute {attribute.Id} is not simulated");
                mayBeginEarly |= attribute.Id == EarlyLaunchAttribute && attribute.Value != 0;
            }
            LaunchShape shape = Shape(config->GridX, config->GridY, config->GridZ, config->BlockX, config->BlockY, config->BlockZ,
                config->SharedBytes);
            Launch(function, shape, config->Stream, parameters, extra, mayBeginEarly);
        })));
    }

    private static LaunchShape Shape(uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint shared) =>
        new((checked((int)gridX), checked((int)gridY), checked((int)gridZ)),
            (checked((int)blockX), checked((int)blockY), checked((int)blockZ)), checked((int)shared));

    private nint Load(byte* image, uint count, int* options, nint* values)
    {
        RefuseInCapture("cuModuleLoadDataEx");
        int room = 0;
        byte* log = null;
        for (uint i = 0; i < count; i++)
        {
            if (options[i] == ErrorLogOption)
                log = (byte*)values[i];
            else if (options[i] == ErrorLogSizeOption)
                room = (int)values[i];
        }
        try
        {
            PtxModule module = PtxModule.Parse(Marshal.PtrToStringUTF8((nint)image) ?? "");
            SimulatedDevice device = _options.Devices[_current.Value!.Device];
            Require(module.Target <= device.Major * 10 + device.Minor, $"the module is for sm_{module.Target}, and the device is older",
                CudaResult.InvalidPtx);
            // CUDA 11.8 is the first to know version 7.8, and 12.0 version 8.0.
            int newest = _options.Version >= 12000 ? 80 + _options.Version % 1000 / 10 : 70 + _options.Version % 1000 / 10;
            Require(module.Version.Major * 10 + module.Version.Minor <= newest,
                $"the driver knows PTX to {newest / 10}.{newest % 10}, and the module is of {module.Version}",
                    CudaResult.UnsupportedPtxVersion);
            return Handle(new Module(module));
        }
        catch (PtxException refusal)
        {
            if (log is not null && room > 0)
            {
                byte[] text = Encoding.UTF8.GetBytes(refusal.Message);
                int length = Math.Min(text.Length, room - 1);
                text.AsSpan(0, length).CopyTo(new Span<byte>(log, room));
                log[length] = 0;
            }
            throw new CudaFailure(CudaResult.InvalidPtx, refusal.Message);
        }
    }

    private void Launch(nint function, LaunchShape shape, nint stream, nint* parameters, nint* extra, bool mayBeginEarly)
    {
        Function known = Get<Function>(function);
        Require(extra is null, "arguments are given one by one");
        Require(shape.SharedBytes <= known.DynamicSharedLimit,
            $"{shape.SharedBytes} bytes of shared memory, and the function's limit is {known.DynamicSharedLimit}");
        try
        {
            shape.Check(known.Kernel);
        }
        catch (KernelFaultException fault)
        {
            // The driver refuses such a launch at once, and nothing is lost.
            throw new CudaFailure(CudaResult.InvalidValue, fault.Message);
        }
        var bytes = new byte[known.Kernel.ParameterBytes];
        for (int i = 0; i < known.Kernel.Parameters.Count; i++)
        {
            PtxParameter parameter = known.Kernel.Parameters[i];
            new ReadOnlySpan<byte>((void*)parameters[i], parameter.Bytes).CopyTo(bytes.AsSpan(parameter.Offset));
        }
        Queue(stream, new KernelWork(known, shape, bytes, mayBeginEarly));
    }

    /// <summary><c>CUlaunchConfig</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LaunchConfig
    {
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
        public nint Stream;
        public LaunchAttribute* Attributes;
        public uint AttributeCount;
    }

    /// <summary><c>CUlaunchAttribute</c>: a number, and 64 bytes of which it depends what they are.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    private struct LaunchAttribute
    {
        [FieldOffset(0)]
        public int Id;

        [FieldOffset(8)]
        public int Value;
    }
}
