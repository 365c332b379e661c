using System.Runtime.InteropServices;

namespace NetGen.Cuda.Simulator.Driver;

/// <content>Captures and graphs.</content>
public sealed unsafe partial class SimulatedDriver
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandleInt(nint handle, int mode);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandleHandlePointer(nint handle, nint* result);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate CudaResult HandlePointerHandleULong(nint* result, nint handle, ulong flags);

    private void AddGraphs()
    {
        Add("cuStreamBeginCapture_v2", new HandleInt((stream, mode) => Do("cuStreamBeginCapture_v2", () =>
        {
            Stream known = Get<Stream>(stream);
            Require(mode == 1, "captures of a thread are simulated, mode 1");
            Require(known.Capture is null, "the stream is in a capture already", CudaResult.StreamCaptureUnmatched);
            known.Capture = new Capture(known, Environment.CurrentManagedThreadId);
            known.CaptureLine = 0;
        })));
        Add("cuStreamEndCapture", new HandleHandlePointer((stream, graph) =>
            Do("cuStreamEndCapture", () => *graph = EndCapture(Get<Stream>(stream)))));
        Add("cuGraphInstantiateWithFlags", new HandlePointerHandleULong((exec, graph, flags) => Do("cuGraphInstantiateWithFlags", () =>
        {
            Require(flags == 0, "the flags are 0");
            *exec = Handle(new GraphExec(Get<Graph>(graph).Template));
        })));
        Add("cuGraphLaunch", new TwoHandles((exec, stream) => Do("cuGraphLaunch", () =>
        {
            Stream known = Get<Stream>(stream);
            Require(known.Capture is null, "a graph cannot be launched in a capture here", CudaResult.StreamCaptureUnsupported);
            Enqueue(known, new GraphWork(Get<GraphExec>(exec).Template));
        })));
        Add("cuGraphExecDestroy", new OneHandle(exec => Do("cuGraphExecDestroy", () => Release<GraphExec>(exec))));
        Add("cuGraphDestroy", new OneHandle(graph => Do("cuGraphDestroy", () => Release<Graph>(graph))));
    }

    private nint EndCapture(Stream stream)
    {
        Capture capture = stream.Capture ?? throw new CudaFailure(CudaResult.InvalidValue, "the stream is in no capture");
        Require(capture.Origin == stream, "the capture began in another stream", CudaResult.StreamCaptureUnmatched);
        Require(capture.Thread == Environment.CurrentManagedThreadId, "the capture began in another thread",
            CudaResult.StreamCaptureWrongThread);
        foreach (Stream known in capture.Streams)
            known.Capture = null;
        Require(capture.Invalid is null, capture.Invalid ?? "", CudaResult.StreamCaptureInvalidated);
        RequireJoined(capture);
        return Handle(new Graph(capture.Graph));
    }

    /// <summary>Every stream that came into the capture must have ended in the one where it began, or in one that did.</summary>
    private static void RequireJoined(Capture capture)
    {
        // Backwards from the end: a line is joined up to a record that a joined line waits for.
        List<(int Line, Work Work)> items = capture.Graph.Items;
        var joined = new HashSet<int> { 0 };
        var wanted = new HashSet<CapturedRecord>();
        for (int i = items.Count - 1; i >= 0; i--)
        {
            (int line, Work work) = items[i];
            if (work is CapturedRecord record && wanted.Contains(record))
                joined.Add(line);
            Require(joined.Contains(line), "a stream of the capture was not joined to the one where it began",
                CudaResult.StreamCaptureUnjoined);
            if (work is CapturedWait wait)
                wanted.Add(wait.Record);
        }
    }

    /// <summary>What may wait, or allocate, cannot be called while the thread captures.</summary>
    private void RefuseInCapture(string name)
    {
        foreach (Stream stream in Engine.Streams)
        {
            if (stream.Capture is { } capture && capture.Thread == Environment.CurrentManagedThreadId)
            {
                capture.Invalid = $"{name} was called while the thread captured";
                throw new CudaFailure(CudaResult.StreamCaptureUnsupported, capture.Invalid);
            }
        }
    }

    private static void RefuseCaptured(Stream stream)
    {
        if (stream.Capture is { } capture)
        {
            capture.Invalid = "a stream of the capture was waited for";
            throw new CudaFailure(CudaResult.StreamCaptureUnsupported, capture.Invalid);
        }
    }
}
