using System.Runtime.InteropServices;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;

namespace NetGen.Benchmarks.Contenders;

/// <summary>
/// Inference of a workload's samples at one batch by ONNX Runtime, with input and output bound to memory that is there already.
/// </summary>
internal sealed unsafe class OnnxRuntimeInference : InProcessContender
{
    private const nuint Alignment = 64;

    private readonly OnnxRuntimeApi _api;
    private readonly byte* _inputName, _outputName;
    private readonly void* _input;
    private readonly float* _output;
    private readonly int _outputLength;
    private void* _session, _inputTensor, _outputTensor;

    public OnnxRuntimeInference(OnnxRuntimeApi api, string modelPath, int threads, int batch, Workload workload)
    {
        _api = api;
        _outputLength = batch * workload.OutputSize;
        _inputName = (byte*)Marshal.StringToCoTaskMemUTF8("input");
        _outputName = (byte*)Marshal.StringToCoTaskMemUTF8("output");
        Samples samples = workload.Samples(batch);
        _input = samples is Samples<int> tokens
            ? Copy<long>([.. tokens.Values]) // what PyTorch exports takes int64
            : Copy<float>(((Samples<float>)samples).Values);
        _output = (float*)NativeMemory.AlignedAlloc((nuint)_outputLength * sizeof(float), Alignment);
        _session = api.CreateSession(modelPath, threads, batch);
        long[] shape = [batch, .. workload.InputShape];
        _inputTensor = workload.Vocabulary is null ? api.CreateTensor((float*)_input, shape) : api.CreateTensor((long*)_input, shape);
        _outputTensor = api.CreateTensor(_output, [batch, workload.OutputSize]);
    }

    public override string Name => "ONNX Runtime";

    public ReadOnlySpan<float> Output => new(_output, _outputLength);

    public void Forward() => _api.Run(_session, _inputName, _inputTensor, _outputName, _outputTensor);

    public override void Dispose()
    {
        if (_session == null)
            return;
        _api.ReleaseTensor(_inputTensor);
        _api.ReleaseTensor(_outputTensor);
        _api.ReleaseSession(_session);
        _session = _inputTensor = _outputTensor = null;
        NativeMemory.AlignedFree(_input);
        NativeMemory.AlignedFree(_output);
        Marshal.FreeCoTaskMem((nint)_inputName);
        Marshal.FreeCoTaskMem((nint)_outputName);
    }

    private static T* Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T* copy = (T*)NativeMemory.AlignedAlloc((nuint)values.Length * (nuint)sizeof(T), Alignment);
        values.CopyTo(new Span<T>(copy, values.Length));
        return copy;
    }

    protected override void Run(int iterations)
    {
        for (int i = 0; i < iterations; i++)
            Forward();
    }
}
