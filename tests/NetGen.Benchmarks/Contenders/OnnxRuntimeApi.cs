using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Contenders;

/// <summary>
/// The part of ONNX Runtime's C API that inference needs, called through the function table of
/// <c>OrtGetApiBase()->GetApi(version)</c> (onnxruntime_c_api.h). The table only ever grows at its end, so an entry's
/// position is fixed; the numbers below are positions in version 1, and 124 in version 3.
/// </summary>
internal sealed unsafe class OnnxRuntimeApi
{
    private const uint ApiVersion = 3;
    private const int LogWarning = 2;
    private const int SequentialExecution = 0;
    private const int EnableAllOptimizations = 99;
    private const int ArenaAllocator = 1;
    private const int DefaultMemoryType = 0;
    private const int ElementTypeFloat = 1;
    private const int ElementTypeInt64 = 7;

    private readonly void** _table;

    private OnnxRuntimeApi(void** table, string version)
    {
        _table = table;
        Version = version;
        fixed (byte* name = "NetGen.Benchmarks\0"u8)
        {
            void* created;
            Check(((delegate* unmanaged<int, byte*, void**, void*>)_table[3])(LogWarning, name, &created)); // CreateEnv
            Environment = created;
        }
    }

    public string Version { get; }

    public void* Environment { get; }

    /// <exception cref="DllNotFoundException">The library, or one that it needs, cannot be loaded.</exception>
    public static OnnxRuntimeApi Load(string libraryPath)
    {
        nint library = NativeLibrary.Load(libraryPath);
        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(); }
        void** apiBase = ((delegate* unmanaged<void**>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        string version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)apiBase[1])()) ?? "?";
        void** table = ((delegate* unmanaged<uint, void**>)apiBase[0])(ApiVersion);
        if (table == null)
            throw new NotSupportedException($"ONNX Runtime {version} in {libraryPath} does not offer version {ApiVersion} of its C API.");
        return new OnnxRuntimeApi(table, version);
    }

    /// <summary>A session with all optimisations, sequential execution, and the batch made known to the optimiser.</summary>
    public void* CreateSession(string modelPath, int threads, int batch)
    {
        void* options;
        Check(((delegate* unmanaged<void**, void*>)_table[10])(&options)); // CreateSessionOptions
        try
        {
            Check(((delegate* unmanaged<void*, int, void*>)_table[13])(options, SequentialExecution)); // SetSessionExecutionMode
            // SetSessionGraphOptimizationLevel
            Check(((delegate* unmanaged<void*, int, void*>)_table[23])(options, EnableAllOptimizations));
            Check(((delegate* unmanaged<void*, int, void*>)_table[24])(options, threads)); // SetIntraOpNumThreads
            Check(((delegate* unmanaged<void*, int, void*>)_table[25])(options, 1)); // SetInterOpNumThreads
            fixed (byte* dimension = "batch\0"u8)
                // AddFreeDimensionOverrideByName
                Check(((delegate* unmanaged<void*, byte*, long, void*>)_table[124])(options, dimension, batch));

            if (OperatingSystem.IsWindows())
            {
                fixed (char* path = modelPath) // ORTCHAR_T is wchar_t there
                    return CreateSession(path, options);
            }

            byte* utf8 = (byte*)Marshal.StringToCoTaskMemUTF8(modelPath);
            try
            {
                return CreateSession(utf8, options);
            }
            finally
            {
                Marshal.FreeCoTaskMem((nint)utf8);
            }
        }
        finally
        {
            ((delegate* unmanaged<void*, void>)_table[100])(options); // ReleaseSessionOptions
        }
    }

    /// <summary>A tensor over the caller's memory, which must outlive it.</summary>
    public void* CreateTensor(float* data, ReadOnlySpan<long> shape) => CreateTensor(data, sizeof(float), ElementTypeFloat, shape);

    /// <inheritdoc cref="CreateTensor(float*, ReadOnlySpan{long})"/>
    public void* CreateTensor(long* data, ReadOnlySpan<long> shape) => CreateTensor(data, sizeof(long), ElementTypeInt64, shape);

    private void* CreateTensor(void* data, nuint elementSize, int elementType, ReadOnlySpan<long> shape)
    {
        nuint bytes = elementSize;
        foreach (long extent in shape)
            bytes *= (nuint)extent;
        void* memory, tensor;
        // CreateCpuMemoryInfo
        Check(((delegate* unmanaged<int, int, void**, void*>)_table[69])(ArenaAllocator, DefaultMemoryType, &memory));
        fixed (long* dimensions = shape)
        {
            // CreateTensorWithDataAsOrtValue
            void* status = ((delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*>)_table[49])(
                memory, data, bytes, dimensions, (nuint)shape.Length, elementType, &tensor);
            ((delegate* unmanaged<void*, void>)_table[94])(memory); // ReleaseMemoryInfo
            Check(status);
        }

        return tensor;
    }

    public void Run(void* session, byte* inputName, void* input, byte* outputName, void* output) =>
        Check(((delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)_table[9])( // Run
            session, null, &inputName, &input, 1, &outputName, 1, &output));

    public void ReleaseSession(void* session) => ((delegate* unmanaged<void*, void>)_table[95])(session);

    public void ReleaseTensor(void* tensor) => ((delegate* unmanaged<void*, void>)_table[96])(tensor); // ReleaseValue

    private void* CreateSession(void* path, void* options)
    {
        void* session;
        Check(((delegate* unmanaged<void*, void*, void*, void**, void*>)_table[7])(Environment, path, options, &session)); // CreateSession
        return session;
    }

    private void Check(void* status)
    {
        if (status == null)
            return;
        // GetErrorMessage
        string message = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<void*, byte*>)_table[2])(status)) ?? "unknown error";
        ((delegate* unmanaged<void*, void>)_table[93])(status); // ReleaseStatus
        throw new InvalidOperationException($"ONNX Runtime {Version}: {message}");
    }
}
