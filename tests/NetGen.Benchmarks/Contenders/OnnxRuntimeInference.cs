using System.Runtime.InteropServices;
using NetGen.Benchmarks.Measurement;

namespace NetGen.Benchmarks.Contenders;

/// <summary>Inference of one model at one batch by ONNX Runtime, with input and output bound to memory that is there already.</summary>
internal sealed unsafe class OnnxRuntimeInference : InProcessContender
{
    private const nuint Alignment = 64;

    private readonly OnnxRuntimeApi _api;
    private readonly byte* _inputName, _outputName;
    private readonly float* _input, _output;
    private readonly int _inputLength, _outputLength;
    private void* _session, _inputTensor, _outputTensor;

    public OnnxRuntimeInference(OnnxRuntimeApi api, string modelPath, int threads, int batch, ReadOnlySpan<int> inputShape, int outputSize)
    {
        _api = api;
        long[] shape = [batch, .. inputShape];
        _inputLength = batch;
        foreach (int extent in inputShape)
            _inputLength *= extent;
        _outputLength = batch * outputSize;
        _inputName = (byte*)Marshal.StringToCoTaskMemUTF8("input");
        _outputName = (byte*)Marshal.StringToCoTaskMemUTF8("output");
        _input = (float*)NativeMemory.AlignedAlloc((nuint)_inputLength * sizeof(float), Alignment);
        _output = (float*)NativeMemory.AlignedAlloc((nuint)_outputLength * sizeof(float), Alignment);
        _session = api.CreateSession(modelPath, threads, batch);
        _inputTensor = api.CreateTensor(_input, (nuint)_inputLength, shape);
        _outputTensor = api.CreateTensor(_output, (nuint)_outputLength, [batch, outputSize]);
    }

    public override string Name => "ONNX Runtime";

    public Span<float> Input => new(_input, _inputLength);

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

    protected override void Run(int iterations)
    {
        for (int i = 0; i < iterations; i++)
            Forward();
    }
}
