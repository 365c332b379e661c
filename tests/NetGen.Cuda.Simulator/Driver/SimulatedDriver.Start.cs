using System.Runtime.InteropServices;
using System.Text;

namespace NetGen.Cuda.Simulator.Driver;

/// <content>Devices, contexts, and names of errors.</content>
public sealed unsafe partial class SimulatedDriver
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult UInt(uint value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult IntPointer(int* value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult IntPointerInt(int* value, int index);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult IntPointerTwoInts(int* value, int first, int second);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult BytesIntInt(byte* text, int length, int device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult SizePointerInt(nuint* value, int device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandlePointerInt(nint* handle, int device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult Int(int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult OneHandle(nint handle);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult Nothing();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult ResultText(CudaResult result, nint* text);

    private void AddStart()
    {
        Add("cuInit", new UInt(flags => Do("cuInit", () =>
        {
            Require(flags == 0, "the flags are 0");
            Require(_gpus.Length > 0, "the machine has no device", CudaResult.NoDevice);
            _isInitialized = true;
        }, needsContext: false)));
        Add("cuDriverGetVersion", new IntPointer(version => Do("cuDriverGetVersion", () => *version = _options.Version,
            needsContext: false)));
        Add("cuDeviceGetCount", new IntPointer(count => Do("cuDeviceGetCount", () =>
        {
            RequireStart();
            *count = _gpus.Length;
        }, needsContext: false)));
        Add("cuDeviceGet", new IntPointerInt((device, index) => Do("cuDeviceGet", () =>
        {
            RequireStart();
            Device(index);
            *device = index;
        }, needsContext: false)));
        Add("cuDeviceGetName", new BytesIntInt((text, length, device) => Do("cuDeviceGetName", () =>
        {
            RequireStart();
            Require(length > 0, "no room for a name");
            byte[] name = Encoding.UTF8.GetBytes(Device(device).Name + "\0");
            name.AsSpan(0, Math.Min(length, name.Length)).CopyTo(new Span<byte>(text, length));
            text[length - 1] = 0;
        }, needsContext: false)));
        Add("cuDeviceGetAttribute", new IntPointerTwoInts((value, attribute, device) => Do("cuDeviceGetAttribute", () =>
        {
            RequireStart();
            *value = Device(device).Attribute(attribute);
        }, needsContext: false)));
        Add("cuDeviceTotalMem_v2", new SizePointerInt((bytes, device) => Do("cuDeviceTotalMem_v2", () =>
        {
            RequireStart();
            *bytes = (nuint)Device(device).Memory;
        }, needsContext: false)));
        AddContexts();
        Add("cuGetErrorName", new ResultText((result, text) => Describe("cuGetErrorName", result, text)));
        Add("cuGetErrorString", new ResultText((result, text) => Describe("cuGetErrorString", result, text)));
    }

    private void AddContexts()
    {
        Add("cuDevicePrimaryCtxRetain", new HandlePointerInt((context, device) => Do("cuDevicePrimaryCtxRetain", () =>
        {
            RequireStart();
            Device(device);
            Context known = _contexts[device] ??= new Context(device);
            known.Retained++;
            *context = _handles.FirstOrDefault(entry => entry.Value == known).Key is var handle and not 0 ? handle : Handle(known);
        }, needsContext: false)));
        Add("cuDevicePrimaryCtxRelease_v2", new Int(device => Do("cuDevicePrimaryCtxRelease_v2", () =>
        {
            RequireStart();
            Device(device);
            Context context = _contexts[device] ?? throw new CudaFailure(CudaResult.InvalidContext, "the context is not retained");
            if (--context.Retained > 0)
                return;
            _contexts[device] = null;
            _handles.Remove(_handles.First(entry => entry.Value == context).Key);
        }, needsContext: false)));
        Add("cuCtxSetCurrent", new OneHandle(context => Do("cuCtxSetCurrent", () =>
        {
            RequireStart();
            _current.Value = context == 0 ? null : Get<Context>(context);
        }, needsContext: false)));
        Add("cuCtxSynchronize", new Nothing(() => Do("cuCtxSynchronize", () =>
        {
            RefuseInCapture("cuCtxSynchronize");
            Engine.FinishAll();
        })));
    }

    private void RequireStart() => Require(_isInitialized, "cuInit was not called", CudaResult.NotInitialized);

    private SimulatedDevice Device(int index)
    {
        Require(index >= 0 && index < _gpus.Length, $"there is no device {index}", CudaResult.InvalidDevice);
        return _options.Devices[index];
    }

    private CudaResult Describe(string name, CudaResult result, nint* text) => Do(name, () =>
    {
        *text = 0;
        Require(Enum.IsDefined(result), $"{(int)result} is no result");
        *text = TextOf(result);
    }, needsContext: false);
}
